using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.HAProxy;

/// <summary>The HAProxy that runs: reloads it and tells how that went, and changes its servers without a reload.</summary>
internal sealed partial class RunningHAProxy(
    MasterSocket master, HAProxyOptions options, HAProxyTranslation translation, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(2);

    private long? lastReload;
    private volatile bool reloading;

    /// <summary>True while a reload goes on, during which the master socket comes and goes.</summary>
    public bool IsReloading => reloading;

    /// <summary>Reads the servers of some proxies.</summary>
    public Task<MasterAnswer> ReadAsync(IEnumerable<string> proxies, CancellationToken stopping) =>
        master.AskAsync(proxies.Select(ShowServers), stopping);

    /// <summary>Reads the servers of all proxies.</summary>
    public Task<MasterAnswer> ReadAllAsync(CancellationToken stopping) => master.AskAsync(["@1 show servers state"], stopping);

    /// <summary>Makes servers match their sections without a reload, and reads back whether they do.</summary>
    /// <returns>False when a reload is needed.</returns>
    public async Task<bool> TryChangeAsync(
        ConfigCandidate candidate, IReadOnlyCollection<ServiceSection> sections, MasterAnswer running, CancellationToken stopping)
    {
        if (!running.Servers.Contains(candidate.Proxy))
            return false;
        var commands = new List<string>();
        foreach (var section in sections)
        {
            if (RuntimeChanges.For(section, running.Servers[section.Name], options, translation.CheckKeywords) is not { } needed)
                return false;
            commands.AddRange(needed);
        }
        if (commands.Count == 0)
            return true;
        if (!options.RuntimeApi)
            return false;
        try
        {
            var proxies = sections.Select(section => section.Name).Append(candidate.Proxy);
            var after = await master.AskAsync([.. commands, .. proxies.Select(ShowServers)], stopping);
            var difference = sections
                .Select(section => RuntimeChanges.Difference(section, after.Servers[section.Name], options.Check))
                .FirstOrDefault(difference => difference is not null);
            if (difference is null && after.Servers.Contains(candidate.Proxy))
            {
                Log.Changed(logger, commands.Count, sections.Count);
                return true;
            }
            Log.NotChanged(logger, difference ?? "another revision of the file runs");
        }
        catch (ExtensionException failure) when (failure.Reason is not Reason.Unreachable)
        {
            Log.NotChanged(logger, failure.Message);
        }
        return false;
    }

    /// <summary>Reloads and waits until the new worker runs a candidate.</summary>
    /// <returns>Null when it does; a conflict when HAProxy did not load it and goes on with what it had.</returns>
    /// <exception cref="ExtensionException">It is not known how the reload went, or HAProxy does not read the file.</exception>
    public async Task<ExtensionException?> ReloadAsync(ConfigCandidate candidate, CancellationToken stopping)
    {
        await PaceAsync(stopping);
        var before = (await master.AskAsync([], stopping)).Processes;
        reloading = true;
        try
        {
            await master.ReloadAsync(stopping);
            return await VerifyAsync(candidate, before, stopping);
        }
        finally
        {
            lastReload = time.GetTimestamp();
            reloading = false;
        }
    }

    private async Task PaceAsync(CancellationToken stopping)
    {
        if (lastReload is { } last && options.ReloadInterval - time.GetElapsedTime(last) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, stopping);
    }

    private async Task<ExtensionException?> VerifyAsync(ConfigCandidate candidate, ProcessTable before, CancellationToken stopping)
    {
        var start = time.GetTimestamp();
        long? loaded = null;
        ExtensionException? last = null;
        while (time.GetElapsedTime(start) < options.ReloadTimeout)
        {
            await Task.Delay(Pause, time, stopping);
            MasterAnswer answer;
            try
            {
                answer = await ReadAsync([candidate.Proxy], stopping);
            }
            catch (ExtensionException failure) when (failure.Reason is not Reason.Unauthorized)
            {
                last = failure; // the master is away while it parses and binds: up to 0.1 s, and 2 s when an address is taken
                continue;
            }
            var now = answer.Processes;
            if (now.Master == before.Master && now.Reloads == before.Reloads)
                continue;
            if (now.Failed > 0)
            {
                return new ExtensionException(
                    Reason.Conflict,
                    $"HAProxy at {master.Path} found its configuration valid and could not load it; it goes on with the one before");
            }
            if (now.Worker is null || (now.Worker == before.Worker && now.Master == before.Master))
                continue;
            if (answer.Servers.Contains(candidate.Proxy))
            {
                Log.Reloaded(logger, candidate.Document.Sections.Count, time.GetElapsedTime(start).TotalMilliseconds);
                return null;
            }
            loaded ??= time.GetTimestamp();
            if (time.GetElapsedTime(loaded.Value) > WorkerPatience)
            {
                throw new ExtensionException(
                    Reason.Invalid,
                    $"HAProxy at {master.Path} reloaded and did not read {options.ConfigFile}: start it with this file as its last -f argument");
            }
        }
        throw new ExtensionException(
            Reason.Timeout,
            $"HAProxy at {master.Path} has not ended its reload within {options.ReloadTimeout.TotalSeconds:0.#} s{(last is null ? "" : $" ({last.Message})")}; look at its log, or raise reloadTimeout",
            innerException: last);
    }

    private static string ShowServers(string proxy) => "@1 show servers state " + proxy;
}
