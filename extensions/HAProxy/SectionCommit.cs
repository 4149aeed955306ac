using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pending = Interlook.Batching.PendingCommit<
    Interlook.Extensions.HAProxy.SectionChange, Interlook.Extensions.HAProxy.ConfigDocument>;

namespace Interlook.Extensions.HAProxy;

/// <summary>
/// Brings many changes of sections into the file and into the running HAProxy at once. One commit runs at a time. The order is: judge,
/// write the file, change what runs, read back; whatever fails puts the file back, and changes that are to blame are found by halving.
/// </summary>
internal sealed partial class SectionCommit(
    ConfigFile file, ConfigCheck check, RunningHAProxy haproxy, HAProxyOptions options, Func<ConfigDocument, ConfigCandidate> render,
    string instance, ILogger logger)
{
    // Our sections as acknowledged. The file is read for what others put there; should it lose sections of ours, the next write returns them.
    private ConfigDocument document = new();
    private string onDisk = "";

    /// <summary>Takes over what the file holds and makes sure that HAProxy runs it.</summary>
    public async Task StartAsync(CancellationToken stopping)
    {
        using var held = await file.LockAsync(stopping);
        onDisk = file.Read();
        document = ConfigDocument.Parse(onDisk, instance, file.Path);
        var candidate = render(document);
        if (await ComplaintAsync(candidate, stopping) is { } complaint)
            throw new ExtensionException(Reason.Refused, $"HAProxy refuses its configuration with {file.Path}: {complaint}");
        if (candidate.Text != onDisk)
            file.Replace(candidate.Text); // the last good content stays kept: what is on disk may never have been loaded
        onDisk = candidate.Text;
        var running = await haproxy.ReadAsync([candidate.Proxy], stopping);
        if (running.Servers.Contains(candidate.Proxy) || await haproxy.ReloadAsync(candidate, stopping) is not { } failure)
            return;
        await ReturnToPreviousAsync(failure, stopping);
    }

    /// <summary>Commits a batch, saying of each change how it ended.</summary>
    public async Task CommitAsync(IReadOnlyList<Pending> batch, CancellationToken stopping)
    {
        try
        {
            using var held = await file.LockAsync(stopping);
            onDisk = file.Read();
            document = document with { Foreign = ConfigDocument.Parse(onDisk, instance, file.Path).Foreign };
            await haproxy.ReadAsync([], stopping); // without HAProxy nothing is written
            await ApplyAsync(await AcceptedAsync(Admitted(batch), stopping), stopping);
        }
        catch (ExtensionException failure)
        {
            foreach (var pending in batch)
                Fail(pending, failure);
        }
    }

    /// <summary>Reads the file, and the name of the proxy that tells whether HAProxy runs what was acknowledged.</summary>
    public async Task<(ConfigDocument OnDisk, string AcknowledgedProxy)> ReadAsync(CancellationToken stopping)
    {
        using var held = await file.LockAsync(stopping);
        return (ConfigDocument.Parse(file.Read(), instance, file.Path), render(document).Proxy);
    }

    /// <summary>Reads the same without keeping others from writing; the file is replaced as a whole, so it is of one moment.</summary>
    public (ConfigDocument OnDisk, string AcknowledgedProxy) Look()
    {
        var seen = ConfigDocument.Parse(file.Read(), instance, file.Path);
        return (seen, render(seen).Proxy);
    }

    /// <summary>Sorts out changes that would bind an address twice: the section that had it first keeps it.</summary>
    private List<Pending> Admitted(IReadOnlyList<Pending> batch)
    {
        var owners = new Dictionary<IPEndPoint, string>();
        foreach (var section in document.Sections.Values)
        {
            if (section.Bind is { } bind)
                owners.TryAdd(bind, $"service '{section.Key}'");
        }
        foreach (var (source, text) in options.OtherConfigFiles.Select(name => (name, ReadOther(name))).Append((file.Path, document.Foreign)))
        {
            foreach (var bind in BoundAddresses.In(text))
                owners[bind] = $"a section in {source} that is not Interlook's";
        }
        var admitted = new List<Pending>(batch.Count);
        foreach (var pending in batch.OrderBy(pending => pending.Request.Section is not null))
        {
            var (key, section) = pending.Request;
            var mine = $"service '{key}'";
            var before = document.Sections.GetValueOrDefault(key.Path)?.Bind;
            if (section?.Bind is { } bind && owners.TryGetValue(bind, out var owner) && owner != mine)
            {
                Fail(pending, new ExtensionException(
                    Reason.Conflict, $"{bind} is bound by {owner}; give the service another address, or remove that bind"));
                continue;
            }
            if (before is not null && owners.GetValueOrDefault(before) == mine)
                owners.Remove(before);
            if (section?.Bind is { } taken)
                owners[taken] = mine;
            admitted.Add(pending);
        }
        return admitted;
    }

    /// <summary>Fails the changes that HAProxy refuses and returns the others.</summary>
    private async Task<List<Pending>> AcceptedAsync(List<Pending> changes, CancellationToken stopping)
    {
        var accepted = new List<Pending>(changes.Count);
        var next = render(With(changes));
        if (next.Text == onDisk || await ComplaintAsync(next, stopping) is not { } complaint)
            return changes;
        if (await ComplaintAsync(render(document), stopping) is not null)
        {
            var removals = changes.Where(pending => pending.Request.Section is null).ToList();
            if (removals.Count == 0 || await ComplaintAsync(render(With(removals)), stopping) is not null)
                throw new ExtensionException(Reason.Refused, $"HAProxy refuses its configuration even without this change: {complaint}");
            accepted.AddRange(removals);
            changes = [.. changes.Except(removals)];
        }
        await HalveAsync(accepted, changes, stopping);
        return accepted;
    }

    private async Task HalveAsync(List<Pending> accepted, List<Pending> changes, CancellationToken stopping)
    {
        if (changes.Count == 0)
            return;
        if (await ComplaintAsync(render(With([.. accepted, .. changes])), stopping) is not { } complaint)
        {
            accepted.AddRange(changes);
        }
        else if (changes.Count == 1)
        {
            Fail(changes[0], new ExtensionException(Reason.Refused, $"HAProxy refuses the configuration with it: {complaint}"));
        }
        else
        {
            await HalveAsync(accepted, changes[..(changes.Count / 2)], stopping);
            await HalveAsync(accepted, changes[(changes.Count / 2)..], stopping);
        }
    }

    /// <summary>Applies changes; when HAProxy cannot load them, finds out which.</summary>
    private async Task ApplyAsync(List<Pending> changes, CancellationToken stopping)
    {
        if (changes.Count == 0)
            return;
        if (await TryAsync(changes, stopping) is not { } failure)
        {
            foreach (var pending in changes)
                pending.Succeed(document);
            return;
        }
        if (changes.Count == 1)
        {
            Fail(changes[0], Blame(changes[0].Request, failure));
            return;
        }
        if (await haproxy.ReloadAsync(render(document), stopping) is { } broken)
        {
            var removals = changes.Where(pending => pending.Request.Section is null).ToList();
            if (removals.Count == 0 || removals.Count == changes.Count)
                throw new ExtensionException(Reason.Unavailable, $"{broken.Message}, even without this change; look at its log");
            await ApplyAsync(removals, stopping);
            changes = [.. changes.Except(removals)];
        }
        // What cannot be bound from here either goes last: it saves failed reloads, which take HAProxy 2 s each, and decides nothing.
        var suspects = changes.Where(IsSuspect).ToList();
        var parts = suspects.Count > 0 && suspects.Count < changes.Count
            ? (changes.Except(suspects).ToList(), suspects)
            : (changes[..(changes.Count / 2)], changes[(changes.Count / 2)..]);
        await ApplyAsync(parts.Item1, stopping);
        await ApplyAsync(parts.Item2, stopping);
    }

    /// <summary>Writes the file and makes HAProxy run it, at runtime if that does, else by a reload.</summary>
    private async Task<ExtensionException?> TryAsync(List<Pending> changes, CancellationToken stopping)
    {
        var next = With(changes);
        var candidate = render(next);
        var touched = changes.Select(pending => pending.Request.Section).OfType<ServiceSection>().ToList();
        var running = await haproxy.ReadAsync(touched.Select(section => section.Name).Append(candidate.Proxy), stopping);
        var before = onDisk;
        try
        {
            if (candidate.Text != onDisk)
                Replace(candidate);
            if (!await haproxy.TryChangeAsync(candidate, touched, running, stopping)
                && await haproxy.ReloadAsync(candidate, stopping) is { } failure)
            {
                Restore(before);
                return failure;
            }
        }
        catch
        {
            Restore(before);
            throw;
        }
        document = next;
        return null;
    }

    private void Replace(ConfigCandidate candidate)
    {
        if (onDisk.Length > 0)
            file.KeepAsPrevious(onDisk);
        file.Replace(candidate.Text);
        onDisk = candidate.Text;
    }

    private void Restore(string before)
    {
        if (onDisk == before)
            return;
        file.Replace(before);
        onDisk = before;
    }

    /// <summary>A crash between the file's writing and the reload leaves a content that HAProxy may not be able to load.</summary>
    private async Task ReturnToPreviousAsync(ExtensionException failure, CancellationToken stopping)
    {
        if (file.ReadPrevious() is not { } previous || previous == onDisk)
            throw failure;
        document = ConfigDocument.Parse(previous, instance, file.Path + ConfigFile.PreviousSuffix);
        var candidate = render(document);
        file.Replace(candidate.Text);
        onDisk = candidate.Text;
        if (await haproxy.ReloadAsync(candidate, stopping) is { } again)
            throw again;
        Log.Returned(logger, file.Path, failure.Message);
    }

    private async Task<string?> ComplaintAsync(ConfigCandidate candidate, CancellationToken stopping)
    {
        file.WriteCandidate(candidate.Text);
        try
        {
            return await check.ComplaintAsync(file.CandidatePath, stopping);
        }
        finally
        {
            file.DeleteCandidate();
        }
    }

    private ConfigDocument With(IEnumerable<Pending> changes) =>
        changes.Aggregate(document, (next, pending) => next.With(pending.Request.Key, pending.Request.Section));

    private static ExtensionException Blame(SectionChange change, ExtensionException failure) => change.Section?.Bind is { } bind
        ? new ExtensionException(
            failure.Reason,
            $"{failure.Message}: most likely another program holds {bind}, or this host does not have the address {bind.Address} (see HAProxy's log, and the setting transparent)",
            innerException: failure)
        : failure;

    private static void Fail(Pending pending, ExtensionException failure) => pending.Fail(new ExtensionException(
        failure.Reason,
        $"service '{pending.Request.Key}' could not be {(pending.Request.Section is null ? "removed from" : "configured in")} HAProxy: {failure.Message}",
        failure.RetryAfter,
        failure));

    private static bool IsSuspect(Pending pending)
    {
        if (pending.Request.Section?.Bind is not { } bind)
            return false;
        try
        {
            using var probe = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(bind);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static string ReadOther(string name)
    {
        try
        {
            return File.ReadAllText(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ""; // the validation says so in HAProxy's words
        }
    }
}
