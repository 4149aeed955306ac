using System.Diagnostics.CodeAnalysis;
using Interlook.Batching;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// <c>lb.f5ltm</c>: publishes services on F5 BIG-IP with Local Traffic Manager, each with a target pool and a virtual server, or a rule in
/// shared policies.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An extension is stopped, not disposed; StopAsync lets go of everything.")]
internal sealed class BigIpProvisioner(BigIpOptions options, ExtensionContext context) : IProvisioner
{
    /// <summary>The most services in one commit: what waits longer than this takes is better off in the next.</summary>
    private const int LargestCommit = 256;

    private readonly BigIpPaths paths = new(options.Partition);
    private readonly OwnershipMark mark = new(context.Instance, options.DescriptionSuffix);
    private readonly CancellationTokenSource stop = new();
    private BigIpTransport? transport;
    private BigIpSession? session;
    private BigIpClient? client;
    private Running? running;

    private IEnumerable<string> Policies => new[] { options.GlobalHttpPolicy, options.GlobalSslPolicy }.Where(name => name != "");

    private Running Now => running ?? throw new InvalidOperationException($"{context.Name} is not started");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken stopping)
    {
        await EndSessionAsync(stopping); // of an earlier attempt
        transport = new(options, context.Time, context.IsReadOnly);
        session = new(options, transport, context.Time, stop.Token);
        client = new(session, paths);
        var domains = new RouteDomains(await client.ReadPartitionsAsync(stopping));
        if (!domains.Has(options.Partition))
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"{options.Called}: partition {options.Partition} does not exist, or the user may not see it; create it, or name another");
        }
        running = Assemble(client, domains);
        if (options.UsesPolicies)
            await VerifyPoliciesAsync(client, running.Reader, stopping);
    }

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken stopping)
    {
        const string Attempt = "looking whether it answers";
        _ = await (client ?? throw new InvalidOperationException($"{context.Name} is not started"))
            .ReadRawAsync($"{BigIpPaths.Partitions}/{options.Partition}", Attempt, stopping)
            ?? throw new ExtensionException(Reason.Invalid, $"{options.Called}: partition {options.Partition} does not exist any more; create it");
    }

    /// <summary>Gives the token back; everything on the appliance stays.</summary>
    public async Task StopAsync(CancellationToken stopping)
    {
        await stop.CancelAsync();
        await EndSessionAsync(stopping);
        stop.Dispose();
    }

    private async Task EndSessionAsync(CancellationToken stopping)
    {
        if (session is not null)
            await session.EndAsync(stopping);
        session?.Dispose();
        transport?.Dispose();
        (session, transport) = (null, null);
    }

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        await CommitAsync(key, Now.Translation.Of(key, desired), earlier, stopping);
        return desired;
    }

    /// <inheritdoc/>
    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        CommitAsync(key, null, earlier, stopping);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var picture = await Now.Reader.ReadAllAsync(stopping);
        await Now.Reader.NodesAsync(picture, stopping);
        Now.Remover.Suspect(Now.Observation.UnusedNodes(picture).Select(each => each.Key));
        return Now.Observation.Of(applied, picture);
    }

    private async Task CommitAsync(ServiceKey key, WantedService? wanted, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        var former = earlier.SelectMany(Now.Translation.AddressesOf).Distinct().ToEquatableArray();
        await Now.Commits.CommitAsync(new(key, Now.Translation.NameOf(key), wanted, former), stopping);
        await Now.Keeper.KeepAsync(stopping);
    }

    private async Task VerifyPoliciesAsync(BigIpClient at, PictureReader reader, CancellationToken stopping)
    {
        foreach (var name in Policies)
        {
            var policy = await at.ReadPolicyAsync(name, stopping) ?? throw reader.NoPolicy(name);
            if (policy.Status == "legacy")
            {
                throw new ExtensionException(
                    Reason.Invalid, $"{options.Called}: policy {paths.Full(name)} is of the old kind without drafts; make it anew on version 12.1 or later");
            }
        }
    }

    private Running Assemble(BigIpClient at, RouteDomains domains)
    {
        var logger = context.Loggers.CreateLogger($"Interlook.{context.Name}");
        var comparison = new ServiceComparison(options, paths, domains);
        var operations = new ServiceOperations(options, paths, domains, comparison, mark);
        var reader = new PictureReader(at, options, domains);
        var keeper = new ConfigurationKeeper(at, options, stop.Token);
        var publisher = new PolicyPublisher(at, Policies, paths, mark);
        var writer = new ServiceWriter(at, reader, operations, keeper, stop.Token);
        var rules = new RuleWriter(operations, comparison, publisher, keeper, mark, stop.Token);
        var remover = new ServiceRemover(at, reader, comparison, keeper, paths, mark, stop.Token);
        var commit = new ServiceCommit(at, reader, writer, rules, remover, keeper, paths, mark, logger, stop.Token);
        var translation = new BigIpTranslation(options, context.Instance, mark, domains);
        return new(
            translation, reader, remover, keeper, new(translation, comparison, paths, mark),
            new GroupCommit<ServiceChange, bool>(commit.CommitAsync, LargestCommit));
    }

    /// <summary>The parts that work once the appliance has said which partitions it has.</summary>
    private sealed record Running(
        BigIpTranslation Translation,
        PictureReader Reader,
        ServiceRemover Remover,
        ConfigurationKeeper Keeper,
        BigIpObservation Observation,
        GroupCommit<ServiceChange, bool> Commits);
}
