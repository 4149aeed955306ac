using System.Globalization;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>
/// Looks at HAProxy's file, at Consul and at the Services' statuses all the time, as those who depend on them do, and remembers whatever a Service
/// lacked that shall be published. While the API server does not answer, its statuses are not known, and nothing is held against them.
/// </summary>
internal sealed class ServiceObserver : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private readonly KubernetesSite site;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, (WantedService Service, string Address)> expected = [];
    private readonly List<string> losses = [];
    private readonly Task looking;
    private int looks;

    internal ServiceObserver(KubernetesSite site)
    {
        this.site = site;
        looking = Task.Run(LookAsync);
    }

    /// <summary>What was missed, with the time; empty when nothing was.</summary>
    internal IReadOnlyList<string> Losses
    {
        get
        {
            lock (gate)
                return [.. losses];
        }
    }

    /// <summary>How often it has looked.</summary>
    internal int Looks => Volatile.Read(ref looks);

    /// <summary>From now on a Service is to be published so.</summary>
    internal void Expect(WantedService service, string address)
    {
        lock (gate)
            expected[service.Name] = (service, address);
    }

    /// <summary>From now on nothing is expected of a Service.</summary>
    internal void Release(string name)
    {
        lock (gate)
            expected.Remove(name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await looking;
        ending.Dispose();
    }

    private async Task LookAsync()
    {
        using var pace = new PeriodicTimer(Pace, TimeProvider.System);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await LookOnceAsync();
            }
            catch (Exception fault)
            {
                lock (gate)
                    losses.Add($"the observer failed: {fault}");
                return;
            }
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task LookOnceAsync()
    {
        Dictionary<string, (WantedService Service, string Address)> before;
        lock (gate)
            before = new(expected);
        var (addresses, targets) = Agreement.ReadFile(await File.ReadAllTextAsync(site.HAProxy.ConfigFile), site.Instance);
        var names = await Agreement.ReadConsulAsync(site.Consul, site.Instance);
        var statuses = await TryStatusesAsync();
        lock (gate)
        {
            foreach (var (name, (service, address)) in before)
            {
                if (expected.GetValueOrDefault(name) != (service, address))
                    continue; // it was released while we read
                Note(name, "address in HAProxy's file", address, addresses.GetValueOrDefault(name));
                Note(name, "targets in HAProxy's file", service.Targets, targets.GetValueOrDefault(name));
                Note(name, "names in Consul", Names(service, address), names.GetValueOrDefault(name));
                if (statuses is not null && service.HasStatus)
                    Note(name, "status", Places(service, address), statuses.GetValueOrDefault(name));
            }
        }
        Interlocked.Increment(ref looks);
    }

    private void Note(string name, string what, string wanted, string? found)
    {
        if (found != wanted && losses.Count < 20)
            losses.Add(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {name}: the {what} were '{found ?? "none"}', not '{wanted}'"));
    }

    private async Task<Dictionary<string, string>?> TryStatusesAsync()
    {
        try
        {
            return await site.StatusesAsync().WaitAsync(TimeSpan.FromSeconds(2), TimeProvider.System);
        }
        catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException or TimeoutException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    private static string Names(WantedService service, string address) =>
        string.Join(' ', service.Hosts.Split(' ').Select(host => $"{host.Replace(".example.org", "", StringComparison.Ordinal)}={address}").Order(StringComparer.Ordinal));

    private static string Places(WantedService service, string address) =>
        string.Join(' ', service.Hosts.Split(' ').Append(address).Order(StringComparer.Ordinal));
}
