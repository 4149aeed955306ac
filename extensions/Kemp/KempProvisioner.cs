using System.Diagnostics.CodeAnalysis;
using Interlook.Collections;
using Interlook.Extensions.Connections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Kemp;

/// <summary><c>lb.kemplm</c>: a virtual service on a Kemp LoadMaster for each service.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of everything.")]
internal sealed class KempProvisioner : IProvisioner
{
    /// <summary>An answer so young says as much as a probe would, and costs none of the few calls.</summary>
    private static readonly TimeSpan FreshAnswer = TimeSpan.FromSeconds(2);

    private readonly KempOptions options;
    private readonly ExtensionContext context;
    private readonly KempTranslation translation;
    private readonly CancellationTokenSource stopped = new();
    private KempTransport? transport;
    private KempClient? client;
    private SharedListing? listings;
    private Convergence? convergence;

    internal KempProvisioner(KempOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        translation = new(options, context.Instance);
        Pace = new(options.MaxCallsPerSecond, context.Time);
    }

    /// <summary>More would only wait for their turn, and one list serves all that wait: with 32 a list is one call in a hundred.</summary>
    public int? ConcurrencyLimit => 32;

    /// <summary>What keeps the calls apart.</summary>
    internal CallPace Pace { get; }

    private KempClient Client => client ?? throw new InvalidOperationException("lb.kemplm is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        transport = new(options, Pace, context.Time, context.IsReadOnly);
        client = new(options, transport);
        listings = new(sending => client.ListAsync(sending, stopped.Token));
        convergence = new(options, client, listings, context.Instance, context.Time);
        await listings.ReadAsync(stopping);
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) =>
        transport?.WasGoodWithin(FreshAnswer) == true ? Task.CompletedTask : Client.ProbeAsync(stopping);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken stopping)
    {
        await stopped.CancelAsync();
        client?.Dispose();
        Pace.Dispose();
        stopped.Dispose();
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var wanted = translation.Of(key, desired);
        await AgainOnceAsync(() => convergence!.DeployAsync(wanted, stopping));
        return desired;
    }

    /// <inheritdoc/>
    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        AgainOnceAsync(() => convergence!.UndeployAsync(Nickname.Of(context.Instance, key), stopping));

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var observation = Observation.InPlace;
        await AgainOnceAsync(async () => observation = await CompareAsync(applied, stopping));
        return observation;
    }

    private async Task<Observation> CompareAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var listing = await listings!.ReadAsync(stopping);
        var drifts = new List<Drift>();
        var nicknames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, definition) in applied.OrderBy(service => service.Key.Path, StringComparer.Ordinal))
        {
            var nickname = Nickname.Of(context.Instance, key);
            nicknames.Add(nickname);
            if (await DifferenceAsync(key, definition, listing.Of(nickname), stopping) is { } difference)
                drifts.Add(new(key, difference));
        }
        var orphans = listing.Services
            .Where(service => Nickname.IsOf(context.Instance, service.Nickname) && !nicknames.Contains(service.Nickname))
            .Select(service => new Orphan($"{service} on the {options.Called}", Nickname.ReadKey(service.Nickname)));
        return new(drifts.ToEquatableArray(), orphans.ToEquatableArray());
    }

    private async Task<string?> DifferenceAsync(
        ServiceKey key, ServiceDefinition definition, IReadOnlyList<VirtualService> found, CancellationToken stopping)
    {
        WantedService wanted;
        try
        {
            wanted = translation.Of(key, definition);
        }
        catch (ExtensionException refusal)
        {
            return refusal.Message; // it was acknowledged under other settings
        }
        return found switch
        {
            [] => $"the virtual service at {wanted.Place} is missing",
            [var only] => new ServiceComparison(wanted, await convergence!.CompleteAsync(only, stopping)).Describe(),
            [_, var second, ..] => $"{second} is there besides",
        };
    }

    /// <summary>
    /// A call that broke off may have been carried out or not: the flood guard drops calls, and answers get lost. A call that was refused may have
    /// been sent twice by the client, or what it was about is hidden still. Either way the second pass reads first; if it fails too, that is
    /// the failure.
    /// </summary>
    private static async Task AgainOnceAsync(Func<Task> passAsync)
    {
        try
        {
            await passAsync();
        }
        catch (ExtensionException problem) when (problem.Reason == Reason.Refused || IsBrokenOff(problem))
        {
            await passAsync();
        }
    }

    // A call that was cancelled at its deadline has a broken connection beneath it too, and is not that.
    private static bool IsBrokenOff(ExtensionException problem) => problem.Reason == Reason.Unreachable && HttpFailure.IsBrokenOff(problem);
}
