using Interlook.Batching;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.HAProxy;

/// <summary>
/// <c>lb.haproxy</c>: a section per service in one file, validated, reloaded without a lost connection, and changed at runtime where
/// HAProxy can.
/// </summary>
internal sealed class HAProxyProvisioner : IProvisioner, IDisposable
{
    // HAProxy binds a unix socket under a longer name first (".PID.tmp"); sun_path holds 107 characters.
    private const int LongestSocketPath = 90;

    private readonly HAProxyOptions options;
    private readonly HAProxyTranslation translation;
    private readonly RunningHAProxy haproxy;
    private readonly SectionCommit sections;
    private readonly GroupCommit<SectionChange, ConfigDocument> commits;
    private readonly CancellationTokenSource stop = new();
    private readonly string socket;
    private readonly bool isReadOnly;

    public HAProxyProvisioner(HAProxyOptions options, ExtensionContext context)
    {
        this.options = options;
        isReadOnly = context.IsReadOnly;
        var logger = context.Loggers.CreateLogger("Interlook." + context.Name);
        var patience = options.ReloadInterval + options.ReloadTimeout + options.CommandTimeout + options.CommandTimeout;
        var file = new ConfigFile(options.ConfigFile, patience, context.Time, isReadOnly);
        var master = new MasterSocket(options.MasterSocket, options.CommandTimeout, context.Time, isReadOnly);
        var check = new ConfigCheck(options.Binary, options.OtherConfigFiles, options.CommandTimeout, context.Time);
        socket = $"{options.ConfigFile}.{NameDigest.Hex(context.Instance, 6)}.sock";
        translation = new HAProxyTranslation(options, context.Instance);
        haproxy = new RunningHAProxy(master, options, translation, context.Time, logger);
        sections = new SectionCommit(
            file, check, haproxy, options, document => ConfigCandidate.Of(document, translation, context.Instance, socket), context.Instance, logger);
        var stopped = stop.Token;
        commits = new GroupCommit<SectionChange, ConfigDocument>(batch => sections.CommitAsync(batch, stopped));
    }

    public async Task StartAsync(CancellationToken stopping)
    {
        if (socket.Length > LongestSocketPath)
        {
            throw new ExtensionException(
                Reason.Invalid,
                $"configFile {options.ConfigFile} has too long a path: HAProxy listens on a socket beside it, and {socket} is longer than {LongestSocketPath} characters");
        }
        if (!Directory.Exists(Path.GetDirectoryName(options.ConfigFile)))
        {
            throw new ExtensionException(
                Reason.Invalid, $"the folder of configFile {options.ConfigFile} does not exist: create it, writable for Interlook");
        }
        if (!isReadOnly)
            await sections.StartAsync(stopping);
    }

    public async Task CheckAsync(CancellationToken stopping)
    {
        try
        {
            var answer = await haproxy.ReadAsync([], stopping);
            if (answer.Processes.Worker is null)
            {
                throw new ExtensionException(
                    Reason.Unavailable, $"HAProxy at {options.MasterSocket} has no worker process; look at its log");
            }
        }
        catch (ExtensionException) when (haproxy.IsReloading)
        {
            // The master's socket is away for a moment in every reload; the commit that reloads tells how it went.
        }
    }

    public Task StopAsync(CancellationToken stopping) => stop.CancelAsync();

    public void Dispose() => stop.Dispose();

    public async Task<ServiceDefinition> DeployAsync(
        ServiceKey key, ServiceDefinition desired, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping)
    {
        await commits.CommitAsync(new SectionChange(key, translation.Section(key, desired)), stopping);
        return desired;
    }

    public async Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping) =>
        await commits.CommitAsync(new SectionChange(key, null), stopping);

    public async Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping)
    {
        var (document, acknowledged) = isReadOnly ? sections.Look() : await sections.ReadAsync(stopping);
        var running = await haproxy.ReadAllAsync(stopping);
        var isLoaded = running.Servers.Contains(acknowledged);
        var drifts = applied
            .OrderBy(service => service.Key.Path, StringComparer.Ordinal)
            .Select(service => Difference(service.Key, service.Value, document, isLoaded ? running : null) is { } difference ? new Drift(service.Key, difference) : null)
            .OfType<Drift>();
        var orphans = document.Sections.Values
            .Where(section => !applied.ContainsKey(section.Key))
            .Select(section => new Orphan($"section {section.Name} in {options.ConfigFile}", section.Key));
        return new Observation([.. drifts], [.. orphans]);
    }

    private string? Difference(ServiceKey key, ServiceDefinition definition, ConfigDocument document, MasterAnswer? running)
    {
        ServiceSection wanted;
        try
        {
            wanted = translation.Section(key, definition);
        }
        catch (ExtensionException failure)
        {
            return failure.Message;
        }
        if (!document.Sections.TryGetValue(key.Path, out var section))
            return $"section {wanted.Name} is missing in {options.ConfigFile}";
        if (section != wanted)
            return $"section {wanted.Name} in {options.ConfigFile} is not as it was written";
        return running is null
            ? $"HAProxy at {options.MasterSocket} does not run the content of {options.ConfigFile}"
            : RuntimeChanges.Difference(wanted, running.Servers[wanted.Name], options.Check);
    }
}
