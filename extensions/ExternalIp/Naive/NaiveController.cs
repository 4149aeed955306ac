using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Naive;

/// <summary>
/// Puts every address that a Service asks for on one interface of this machine. Who else does so elsewhere is not asked: that one machine
/// alone runs it is the cluster's business. While the cluster cannot be read the addresses stay.
/// </summary>
/// <param name="services">The Services.</param>
/// <param name="keeper">Keeps the interface.</param>
/// <param name="options">Mask and the like.</param>
/// <param name="logger">Where to say what cannot be used.</param>
internal sealed partial class NaiveController(
    IInformer<Service> services, AddressKeeper keeper, NaiveOptions options, ILogger<NaiveController> logger)
{
    /// <summary>
    /// How long the kernel keeps an address after we are gone without a farewell: longer than a container takes to start again, shorter
    /// than a cluster takes to move it to another node.
    /// </summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    /// <summary>Works until it is stopped, and takes the addresses away then.</summary>
    /// <exception cref="ExtensionException">The interface cannot be worked with.</exception>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = keeper.RunAsync(life.Token);
        var following = FollowAsync(life.Token);
        await Task.WhenAny(keeping, following);
        await life.CancelAsync();
        await Task.WhenAll(keeping, following);
    }

    private async Task FollowAsync(CancellationToken life)
    {
        var known = ServiceAddresses.None;
        try
        {
            await foreach (var change in services.FollowAsync(life))
            {
                var asked = ServiceAddresses.Of(change.Cache.Objects.Values, options.Mask, options.WithLoadBalancers);
                foreach (var (service, text) in asked.Problems.Except(known.Problems))
                    Log.Unusable(logger, service, text);
                known = asked;
                keeper.Want(new() { Addresses = asked.Addresses, Lifetime = Lifetime });
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // stopped
        }
    }
}
