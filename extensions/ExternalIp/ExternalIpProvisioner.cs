using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.ExternalIp;

/// <summary>Puts the public address of a service on a living node: as a claim, which a scheduler gives to a node and an agent there holds.</summary>
/// <param name="options">The settings.</param>
/// <param name="context">The host's part.</param>
/// <param name="open">Opens the place where the claims are.</param>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of everything.")]
internal sealed class ExternalIpProvisioner(
    ExternalIpOptions options, ExtensionContext context, Func<ExternalIpOptions, ExtensionContext, OpenClaims> open) : IProvisioner
{
    private OpenClaims? opened;

    private OpenClaims Opened => opened ?? throw new InvalidOperationException("vip.externalip is not started");

    private IClaimStore Store => Opened.Store;

    private EntryClaims Claims => new(Store, Opened.System, context.Instance, options, context.Time);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        opened?.Dispose(); // of an earlier attempt
        opened = open(options, context);
        await CheckAsync(stopping);
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Store.Nodes.ListAsync(stopping);

    /// <summary>Leaves the claims: the nodes go on holding them.</summary>
    public Task StopAsync(CancellationToken stopping)
    {
        opened?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var ip = Usable(key, desired.PublicIp);
        var all = await Store.Claims.ListAsync(stopping);
        var placed = await Claims.PlaceAsync(key, ip, all, stopping);
        foreach (var name in Claims.NamesOf(key, [], all).Where(name => name != placed))
            await Claims.ReleaseAsync(key, name, stopping);
        return desired;
    }

    /// <inheritdoc/>
    public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var addresses = earlier.Select(definition => definition.PublicIp).OfType<IPAddress>().ToHashSet();
        foreach (var name in Claims.NamesOf(key, addresses, await Store.Claims.ListAsync(stopping)))
            await Claims.ReleaseAsync(key, name, stopping);
    }

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        ClaimComparison.Compare(applied, context.Instance, await Store.Claims.ListAsync(stopping));

    private static IPAddress Usable(ServiceKey key, IPAddress? ip)
    {
        if (ip is null)
            throw new ExtensionException(Reason.Invalid, $"service {key} has no public address: put an address step, such as ipam.ipalloc, before vip.externalip");
        var isUsable = ip.AddressFamily == AddressFamily.InterNetwork
            ? !ip.Equals(IPAddress.Any) && ip.GetAddressBytes()[0] < 224 // multicast, reserved, broadcast
            : !ip.Equals(IPAddress.IPv6Any) && !ip.IsIPv6Multicast && !ip.IsIPv6LinkLocal && !ip.IsIPv4MappedToIPv6;
        return isUsable ? ip : throw new ExtensionException(Reason.Invalid, $"public address {ip} of service {key} cannot stand on a node's interface; give it another");
    }
}
