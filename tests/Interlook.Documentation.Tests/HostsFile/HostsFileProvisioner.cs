using Interlook.Batching;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.HostsFile;

/// <summary><c>dns.hostsfile</c>: a line in a hosts file for every service, with its address and its names.</summary>
internal sealed class HostsFileProvisioner : IProvisioner
{
    private readonly HostsFileOptions options;
    private readonly string instance;
    private readonly LocalHostsFile file;
    private readonly GroupCommit<(ServiceKey Key, HostsLine? Wanted), bool> commits;

    /// <summary>Makes a provisioner; does no I/O.</summary>
    public HostsFileProvisioner(HostsFileOptions options, ExtensionContext context)
    {
        this.options = options;
        instance = context.Instance;
        file = new LocalHostsFile(options.File, context.IsReadOnly);
        commits = new GroupCommit<(ServiceKey Key, HostsLine? Wanted), bool>(CommitAsync);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken stopping) => CheckAsync(stopping);

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken stopping) => Task.Run(file.Check, stopping);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken stopping) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key,
        ServiceDefinition desired,
        EquatableArray<ServiceDefinition> earlier,
        CancellationToken stopping)
    {
        Verify(key, desired);
        await commits.CommitAsync((key, LineOf(key, desired)), stopping);
        return desired;
    }

    /// <inheritdoc/>
    public Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        commits.CommitAsync((key, null), stopping);

    /// <inheritdoc/>
    public Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) =>
        Task.Run(() => Observe(file.Read(), applied), stopping);

    private Observation Observe(HostsDocument document, IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied)
    {
        var drifts = applied
            .Where(service => document.Find(instance, service.Key) != LineOf(service.Key, service.Value))
            .Select(service => new Drift(service.Key, $"its line in {file.Path} is missing or differs"));
        var orphans = document.Lines
            .Where(line => line.OwnerIn(instance) is { } owner && !applied.ContainsKey(owner))
            .Select(line => new Orphan($"the line '{line.Text}' of {file.Path}", line.OwnerIn(instance)));
        return new Observation(drifts.ToEquatableArray(), orphans.ToEquatableArray());
    }

    private HostsLine? LineOf(ServiceKey key, ServiceDefinition definition) =>
        definition.DnsNames.Count == 0 ? null : HostsLine.For(instance, key, definition);

    private void Verify(ServiceKey key, ServiceDefinition desired)
    {
        var problem = desired switch
        {
            { DnsNames.Count: 0 } => null,
            { PublicIp: null } => "it has no public address: put an address step before dns.hostsfile",
            _ when desired.DnsNames.Count > options.LargestLine =>
                $"{desired.DnsNames.Count} names do not fit a line: raise dns.hostsfile.largestLine, or split the service",
            _ when desired.DnsNames.FirstOrDefault(name => name.StartsWith('*')) is { } wildcard =>
                $"'{wildcard}' has no meaning in a hosts file: name the hosts one by one",
            _ => null,
        };
        if (problem is not null)
            throw new ExtensionException(Reason.Invalid, $"{key} cannot have a line in {file.Path}: {problem}");
    }

    /// <summary>All changes that wait share one reading and one writing of the file.</summary>
    private Task CommitAsync(IReadOnlyList<PendingCommit<(ServiceKey Key, HostsLine? Wanted), bool>> batch)
    {
        var found = file.Read();
        var document = found;
        var done = new List<PendingCommit<(ServiceKey Key, HostsLine? Wanted), bool>>(batch.Count);
        foreach (var pending in batch)
        {
            var (key, wanted) = pending.Request;
            if (wanted is not null && document.Rival(instance, key, wanted) is { } rival)
            {
                pending.Fail(new ExtensionException(
                    Reason.Conflict, $"a name of {key} belongs to the line '{rival.Text}' of {file.Path}: remove it there, or rename the service"));
                continue;
            }
            document = document.With(instance, key, wanted);
            done.Add(pending);
        }
        if (!ReferenceEquals(document, found))
            file.Replace(document);
        foreach (var pending in done)
            pending.Succeed(true);
        return Task.CompletedTask;
    }
}
