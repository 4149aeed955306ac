using System.Globalization;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Services;

namespace Interlook.EndToEnd.Tests;

/// <summary>What each party holds for true, in the same words, so that it can be compared. The names are services of the default workflow.</summary>
internal static class Agreement
{
    /// <summary>Waits until all parties say the same: Docker, GET /services, Consul, HAProxy's file, the running HAProxy, the leases.</summary>
    internal static async Task ReachedAsync(Site site, InterlookDaemon daemon)
    {
        var differences = "";
        await Site.WaitAsync(
            () => $"all agree; {differences}",
            async () =>
            {
                var entries = await daemon.EntriesAsync();
                var addresses = entries.ToDictionary(entry => entry.Key, entry => entry.Value.Address ?? "none");
                var targets = entries.ToDictionary(entry => entry.Key, entry => string.Join(' ', entry.Value.Targets));
                var names = entries.ToDictionary(
                    entry => entry.Key,
                    entry => string.Join(' ', entry.Value.Hosts.Select(host => $"{host.Replace(".example.org", "", StringComparison.Ordinal)}={entry.Value.Address}")));
                var (bound, filed) = ReadFile(await site.ReadOwnConfigAsync(), site.Instance);
                string[] found =
                [
                    .. entries.Where(entry => !entry.Value.IsAtRest).Select(entry => $"{entry.Key} is not at rest: {entry.Value}"),
                    .. Compare("Docker's targets", await ReadDockerAsync(site), targets),
                    .. Compare("Consul's names", await ReadConsulAsync(site.Servers.Consul, site.Instance), names),
                    .. Compare("the addresses in HAProxy's file", bound, addresses),
                    .. Compare("the targets in HAProxy's file", filed, targets),
                    .. Compare("the targets HAProxy runs with", await ReadRunningAsync(site.HAProxy, site.Instance), targets),
                    .. Compare("the leases", await site.LeasesAsync(), addresses.ToDictionary(one => $"default/{one.Key}", one => one.Value)),
                ];
                differences = string.Join("; ", found);
                return found.Length == 0;
            });
    }

    /// <summary>Fails when an address serves two services anywhere. True at every instant, also while nothing else agrees.</summary>
    internal static async Task NoAddressTwiceAsync(Site site)
    {
        await site.LeasesAsync(); // refuses a service with two addresses; an address with two holders is not possible in it
        // A service that is being renamed has both names, with its one address.
        Distinct(
            "Consul",
            (await ReadConsulAsync(site.Servers.Consul, site.Instance)).Values
                .SelectMany(names => names.Split(' ').Select(name => name.Split('=')[1]).Distinct()));
        Distinct("HAProxy's file", ReadFile(await site.ReadOwnConfigAsync(), site.Instance).Addresses.Values);
    }

    private static void Distinct(string where, IEnumerable<string> addresses)
    {
        var twice = addresses.GroupBy(address => address).Where(same => same.Count() > 1).Select(same => same.Key).ToList();
        if (twice.Count > 0)
            throw new InvalidOperationException($"{where} has {string.Join(", ", twice)} for two services");
    }

    /// <summary>How what a party says differs from the entries, by service.</summary>
    internal static IEnumerable<string> Compare(string what, IReadOnlyDictionary<string, string> seen, IReadOnlyDictionary<string, string> entries) =>
        seen.Keys.Union(entries.Keys)
            .Where(name => seen.GetValueOrDefault(name) != entries.GetValueOrDefault(name))
            .Select(name => $"{what} of {name}: {seen.GetValueOrDefault(name) ?? "nothing"}, the entry: {entries.GetValueOrDefault(name) ?? "nothing"}");

    /// <summary>Targets by service, from what runs.</summary>
    private static async Task<Dictionary<string, string>> ReadDockerAsync(Site site)
    {
        var ids = (await site.Servers.Docker.DockerAsync("ps", "-q", "--filter", "label=interlook.hosts")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length == 0)
            return [];
        return JsonNode.Parse(await site.Servers.Docker.DockerAsync(["inspect", .. ids]))!.AsArray()
            .Where(container => (string?)container!["State"]!["Status"] == "running")
            .GroupBy(
                container => (string?)container!["Config"]!["Labels"]!["interlook.service"] ?? ((string)container["Name"]!).TrimStart('/'),
                container => Target(container!))
            .ToDictionary(service => service.Key, service => string.Join(' ', service.Order(StringComparer.Ordinal)));
    }

    private static string Target(JsonNode container)
    {
        var inside = (string)container["Config"]!["Labels"]!["interlook.port"]!;
        var bindings = container["NetworkSettings"]!["Ports"]![$"{inside}/tcp"]!.AsArray();
        return $"127.0.0.1:{bindings.First(binding => (string?)binding!["HostIp"] == "0.0.0.0")!["HostPort"]}";
    }

    /// <summary>Names and addresses by service, from the node that is ours.</summary>
    internal static async Task<Dictionary<string, string>> ReadConsulAsync(ConsulAgent consul, string instance)
    {
        var node = await consul.GetAsync($"/v1/catalog/node/interlook-{instance}");
        return node is null
            ? []
            : node["Services"]!.AsObject().Select(service => service.Value!)
                .GroupBy(service => Service((string)service["Meta"]!["interlook-key"]!), service => $"{Name(service)}={service["Address"]}")
                .ToDictionary(service => service.Key, service => string.Join(' ', service.Order(StringComparer.Ordinal)));
    }

    private static string Name(JsonNode service) =>
        service["Tags"]!.AsArray() is [{ } tag] ? $"{tag}.{service["Service"]}" : service["Service"]!.ToString();

    /// <summary>Addresses and targets by service, from the sections that bear our mark.</summary>
    internal static (Dictionary<string, string> Addresses, Dictionary<string, string> Targets) ReadFile(string text, string instance)
    {
        var (addresses, targets) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        string? service = null;
        foreach (var line in text.Split('\n'))
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["#", "interlook", "begin", var owner, _, var key] when owner == $"instance={instance}":
                    service = Service(Uri.UnescapeDataString(key["key=".Length..]));
                    targets.Add(service, "");
                    break;
                case ["#", "interlook", "end"]:
                    service = null;
                    break;
                case ["bind", var address, ..] when service is not null:
                    addresses.Add(service, address.Split(':')[0]);
                    break;
                case ["server", _, var target, "weight", var weight] when service is not null:
                    targets[service] = Sorted(targets[service], Weighted(target, weight));
                    break;
            }
        }
        return (addresses, targets);
    }

    /// <summary>Targets by service, from HAProxy's process. A server in maintenance is on its way out.</summary>
    internal static async Task<Dictionary<string, string>> ReadRunningAsync(HAProxyServer haproxy, string instance)
    {
        var sections = (await File.ReadAllTextAsync(haproxy.ConfigFile)).Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words is ["#", "interlook", "begin", var owner, _, _] && owner == $"instance={instance}")
            .ToDictionary(words => words[4]["name=".Length..], words => Service(Uri.UnescapeDataString(words[5]["key=".Length..])));
        var targets = sections.Values.ToDictionary(service => service, _ => "");
        foreach (var line in (await haproxy.AskAsync("@1 show servers state")).Split('\n'))
        {
            var words = line.Split(' ');
            if (words.Length < 20 || !words[1].StartsWith("il_", StringComparison.Ordinal))
                continue;
            var service = sections.GetValueOrDefault(words[1]) ?? words[1];
            if ((int.Parse(words[6], CultureInfo.InvariantCulture) & 1) == 0)
                targets[service] = Sorted(targets.GetValueOrDefault(service, ""), Weighted($"{words[4]}:{words[18]}", words[7]));
        }
        return targets;
    }

    // As an entry shows it.
    private static string Weighted(string target, string weight) => weight == "1" ? target : $"{target}*{weight}";

    private static string Sorted(string list, string more) =>
        string.Join(' ', list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(more).Order(StringComparer.Ordinal));

    private static string Service(string path) =>
        ServiceKey.TryParsePath(path, out var key) ? key.Service : throw new InvalidDataException($"{path} is no service's key");
}
