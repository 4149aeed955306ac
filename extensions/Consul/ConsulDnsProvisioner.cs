using System.Diagnostics.CodeAnalysis;
using Interlook.Collections;
using Interlook.Extensions.Consul.Wire;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Consul;

/// <summary>Registers the names of services in Consul's catalog, on a node that belongs to this Interlook alone.</summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of the client.")]
internal sealed partial class ConsulDnsProvisioner : IProvisioner
{
    /// <summary>An address that no host has (RFC 5737): a node must have one, and ours is no host.</summary>
    private const string NodeAddress = "192.0.2.1";

    private readonly ConsulDnsOptions options;
    private readonly ExtensionContext context;
    private readonly ILogger logger;
    private readonly string node;
    private readonly RegistrationPlan plan;
    private readonly NameClaims claims = new();
    private readonly KnownRegistrations known = new();
    private ConsulClient? client;
    private UntaggedInstances? untagged;

    internal ConsulDnsProvisioner(ConsulDnsOptions options, ExtensionContext context)
    {
        this.options = options;
        this.context = context;
        logger = context.Loggers.CreateLogger<ConsulDnsProvisioner>();
        node = options.Node ?? $"interlook-{context.Instance}".ToLowerInvariant();
        plan = new(options);
    }

    private ConsulClient Client => client ?? throw new InvalidOperationException("dns.consul is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        client = new(options, context.Time, context.IsReadOnly);
        untagged = new(client, context.Time);
        foreach (var (id, service) in await ReadOwnAsync(stopping))
            Learn(id, service);
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Client.ProbeAsync(stopping);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken stopping)
    {
        client?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var wanted = plan.Of(key, desired);
        using (claims.Claim(wanted))
        {
            var missing = await FindMissingAsync(wanted, stopping);
            await Task.WhenAll(missing.Select(registration => RegisterAsync(registration, stopping)));
        }
        await RemoveAsync(key, earlier, keep: wanted, stopping);
        return desired;
    }

    /// <inheritdoc/>
    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        RemoveAsync(key, earlier, keep: [], stopping);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(
        IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var checks = Client.ReadChecksAsync(node, stopping);
        var services = ReadOwnAsync(stopping);
        await Task.WhenAll(checks, services);
        foreach (var (id, service) in await services)
            Learn(id, service);
        return RegistrationComparison.Compare(applied, plan, await services, await checks);
    }

    /// <summary>Everything on our node that bears our mark.</summary>
    /// <exception cref="ExtensionException">The node is not ours.</exception>
    private async Task<Dictionary<string, WireService>> ReadOwnAsync(CancellationToken stopping)
    {
        var found = await Client.ReadNodeAsync(node, stopping);
        if (found is null)
            return [];
        if (!OwnershipMark.IsOf(context.Instance, found.Node.Meta))
        {
            throw new ExtensionException(
                Reason.Conflict,
                $"Consul at {options.Url}: node {node} does not bear the mark of instance {context.Instance}; "
                + "choose another name with dns.consul's `node`");
        }
        return (found.Services ?? [])
            .Where(service => OwnershipMark.IsOf(context.Instance, service.Value.Meta))
            .ToDictionary(StringComparer.Ordinal);
    }

    private void Learn(string id, WireService service)
    {
        if (OwnershipMark.ReadKey(service.Meta) is { } key)
            known.Add(key, id);
    }

    /// <summary>Looks at every name before anything is written, so that a conflict leaves all as it was.</summary>
    private async Task<List<Registration>> FindMissingAsync(IReadOnlyList<Registration> wanted, CancellationToken stopping)
    {
        var inPlace = await Task.WhenAll(wanted.Select(registration => IsInPlaceAsync(registration, stopping)));
        return [.. wanted.Where((_, i) => !inPlace[i])];
    }

    private async Task<bool> IsInPlaceAsync(Registration wanted, CancellationToken stopping)
    {
        var untaggedOnes = wanted.Name.IsPlain ? null : untagged!.FindAsync(wanted.Name.Service, stopping);
        var instances = await Client.ReadNameAsync(wanted, stopping);
        var holders = untaggedOnes is null ? instances : [.. instances, .. await untaggedOnes];
        var ours = holders.Find(instance => instance.Node.Node == node && instance.Service.Id == wanted.Id && IsOf(wanted.Key, instance));
        if (holders.Where(instance => !IsOf(wanted.Key, instance)).MinBy(instance => instance.Service.CreateIndex) is { } other)
            await YieldToAsync(other, wanted, ours, stopping);
        return ours is not null && IsAsWanted(wanted, ours);
    }

    /// <summary>Whoever registered a name first holds it; Raft's index says who that was, the same to everybody.</summary>
    /// <exception cref="ExtensionException">The other one was first.</exception>
    private async Task YieldToAsync(WireInstance other, Registration wanted, WireInstance? ours, CancellationToken stopping)
    {
        if (ours is not null && ours.Service.CreateIndex < other.Service.CreateIndex)
        {
            Log.NameShared(logger, wanted.Name.ToString(), wanted.Key, other.Node.Node, other.Service.Id);
            return;
        }
        if (ours is not null)
            await DeregisterAsync(wanted.Key, wanted.Id, stopping);
        throw new ExtensionException(
            Reason.Conflict,
            $"Consul at {options.Url}: {wanted} cannot be registered: {Describe(other)} answers to that name already; "
            + "remove one of the two, or give the service another name");
    }

    private string Describe(WireInstance other) =>
        OwnershipMark.IsOf(context.Instance, other.Service.Meta) && OwnershipMark.ReadKey(other.Service.Meta) is { } key
            ? $"service {key}"
            : $"'{other.Service.Id}' of node '{other.Node.Node}', which is not ours,";

    private bool IsOf(ServiceKey key, WireInstance instance) =>
        instance.Node.Node == node
        && OwnershipMark.IsOf(context.Instance, instance.Service.Meta)
        && OwnershipMark.ReadKey(instance.Service.Meta) == key;

    private static bool IsAsWanted(Registration wanted, WireInstance ours) =>
        RegistrationComparison.Difference(wanted, ours.Service, ours.Checks ?? []) is null;

    private async Task RegisterAsync(Registration wanted, CancellationToken stopping)
    {
        known.Add(wanted.Key, wanted.Id); // before the call: the answer may get lost after Consul has taken it
        if (wanted.Name.IsPlain)
            untagged!.Forget(wanted.Name.Service);
        await Client.RegisterAsync(Body(wanted), wanted, stopping);
    }

    private WireRegistration Body(Registration wanted) => new()
    {
        Node = node,
        Address = NodeAddress,
        NodeMeta = OwnershipMark.OfNode(context.Instance),
        Service = new()
        {
            Id = wanted.Id,
            Service = wanted.Name.Service,
            Tags = wanted.Name.IsPlain ? [] : [wanted.Name.Tag],
            Address = wanted.Address.ToString(),
            Port = wanted.Port,
            Meta = OwnershipMark.Of(context.Instance, wanted.Key, wanted.FullName),
        },
        Check = new()
        {
            Node = node,
            CheckId = RegistrationComparison.CheckId(wanted.Id),
            ServiceId = wanted.Id,
            Name = "Interlook: the service has targets",
            Status = wanted.IsReady ? WireCheck.Passing : WireCheck.Critical,
            Output = wanted.IsReady ? "" : "no target is ready",
        },
    };

    private async Task RemoveAsync(
        ServiceKey key, EquatableArray<ServiceDefinition> earlier, IReadOnlyList<Registration> keep, CancellationToken stopping)
    {
        HashSet<string> unwanted = [.. known.Of(key)];
        foreach (var definition in earlier)
            unwanted.UnionWith(plan.Ids(key, definition));
        unwanted.ExceptWith(keep.Select(registration => registration.Id));
        await Task.WhenAll(unwanted.Select(id => DeregisterAsync(key, id, stopping)));
    }

    private async Task DeregisterAsync(ServiceKey key, string id, CancellationToken stopping)
    {
        await Client.DeregisterAsync(node, id, stopping);
        known.Remove(key, id);
    }
}
