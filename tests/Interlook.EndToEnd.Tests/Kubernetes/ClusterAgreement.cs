namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>Asks all parties whether these Services, and no others, are published: each answer is put into the same words as the entries, and compared.</summary>
/// <param name="site">Where the parties are.</param>
/// <param name="daemon">Interlook.</param>
/// <param name="wanted">The Services.</param>
internal sealed class ClusterAgreement(KubernetesSite site, InterlookDaemon daemon, IEnumerable<WantedService> wanted)
{
    private readonly Dictionary<string, WantedService> services = wanted.ToDictionary(service => service.Name);

    /// <summary>Who said something else when they were asked last.</summary>
    internal IReadOnlyList<string> Differences { get; private set; } = ["nobody answered"];

    /// <summary>The address of each, as Interlook said when it was asked last.</summary>
    internal IReadOnlyDictionary<string, string> Addresses { get; private set; } = new Dictionary<string, string>();

    /// <summary>Asks GET /services, Consul, HAProxy's file, the running HAProxy, and the Services' statuses.</summary>
    internal async Task<bool> IsReachedAsync()
    {
        var entries = await daemon.EntriesAsync();
        var addresses = By(entries, entry => entry.Address ?? "none");
        var targets = By(services, service => service.Targets);
        var (bound, filed) = Agreement.ReadFile(await File.ReadAllTextAsync(site.HAProxy.ConfigFile), site.Instance);
        var names = By(entries, entry => string.Join(' ', entry.Hosts.Select(host => $"{host.Replace(".example.org", "", StringComparison.Ordinal)}={entry.Address}")));
        var places = services.Values.Where(service => service.HasStatus && entries.ContainsKey(service.Name)).ToDictionary(
            service => service.Name,
            service => string.Join(' ', service.Hosts.Split(' ').Append(addresses[service.Name]).Order(StringComparer.Ordinal)));
        Addresses = addresses;
        Differences =
        [
            .. entries.Where(entry => !entry.Value.IsAtRest).Select(entry => $"{entry.Key} is not at rest: {entry.Value}"),
            .. Agreement.Compare("the targets wanted", targets, By(entries, entry => string.Join(' ', entry.Targets))),
            .. Agreement.Compare("the hosts wanted", By(services, service => service.Hosts), By(entries, entry => string.Join(' ', entry.Hosts))),
            .. Agreement.Compare("Consul's names", await Agreement.ReadConsulAsync(site.Consul, site.Instance), names),
            .. Agreement.Compare("the addresses in HAProxy's file", bound, addresses),
            .. Agreement.Compare("the targets in HAProxy's file", filed, targets),
            .. Agreement.Compare("the targets HAProxy runs with", await Agreement.ReadRunningAsync(site.HAProxy, site.Instance), targets),
            .. Agreement.Compare("the statuses", await site.StatusesAsync(), places),
        ];
        return Differences.Count == 0;
    }

    private static Dictionary<string, string> By<T>(Dictionary<string, T> values, Func<T, string> text) =>
        values.ToDictionary(value => value.Key, value => text(value.Value));
}
