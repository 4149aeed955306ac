using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>
/// Two namespaces of an API server that tests share, a proxy before that server, a HAProxy of its own, the shared Consul, and the settings of an
/// Interlook that brings them together with the rights of the manifests. Closing it removes what was made in all of them.
/// </summary>
internal sealed class KubernetesSite : IAsyncDisposable
{
    /// <summary>Settings by which everything is compared all the time, and silent services are asked about: what may go wrong does so at once.</summary>
    internal const string Restless = "resyncInterval: 3s\nserviceMaxLastUpdated: 3s\nworkflowHousekeeperInterval: 1s";

    // The machine may be busy with other things; this decides only how fast a broken test fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static int opened;

    private readonly int number = Interlocked.Increment(ref opened);
    private readonly int api = TestMachine.FreePort();
    private readonly TemporaryFolder folder = new();
    private readonly List<InterlookDaemon> daemons = [];

    private KubernetesSite(ConsulAgent consul, KubernetesServer server, KubernetesProxy proxy, HAProxyServer haproxy)
    {
        (Consul, Server, Proxy, HAProxy) = (consul, server, proxy, haproxy);
        Observer = new ServiceObserver(this);
    }

    /// <summary>The shared Consul.</summary>
    internal ConsulAgent Consul { get; }

    /// <summary>The shared API server.</summary>
    internal KubernetesServer Server { get; }

    /// <summary>What stands between Interlook and the API server.</summary>
    internal KubernetesProxy Proxy { get; }

    /// <summary>The load balancer.</summary>
    internal HAProxyServer HAProxy { get; }

    /// <summary>Who looks all the time whether what is published stays so.</summary>
    internal ServiceObserver Observer { get; }

    /// <summary>The owner's name in every ownership mark; no two sites share one.</summary>
    internal string Instance => string.Create(CultureInfo.InvariantCulture, $"cluster-{number}");

    /// <summary>A namespace that no other site uses.</summary>
    internal string Space => string.Create(CultureInfo.InvariantCulture, $"one{number}");

    /// <summary>Another one.</summary>
    internal string OtherSpace => string.Create(CultureInfo.InvariantCulture, $"two{number}");

    /// <summary>The first three numbers of the addresses to lease; they need no interface.</summary>
    internal string Prefix => string.Create(CultureInfo.InvariantCulture, $"127.91.{number}.");

    /// <summary>The port of every pod.</summary>
    internal int PodPort { get; } = TestMachine.FreePort();

    /// <summary>How many addresses there are.</summary>
    internal int Addresses { get; set; } = 200;

    /// <summary>The settings of <c>core</c> that a test wants its own way, a line each.</summary>
    internal string Core { get; set; } = "";

    /// <summary>The settings of <c>provider.kubernetes</c> besides its connection. This server is older than classes: those of none are ours.</summary>
    internal string Provider { get; set; } = """
        targetMode: pod
        loadBalancerClass: none
        hostTemplate: "{name}.{namespace}.example.org"
        """;

    /// <summary>The settings of <c>status.kubernetes</c>.</summary>
    internal string Status { get; set; } = "{}";

    /// <summary>The token that Interlook shows now.</summary>
    internal string Token { get; private set; } = "";

    private string TokenFile => folder.File("token");

    /// <summary>Opens a site.</summary>
    internal static async Task<KubernetesSite> OpenAsync(ClusterServers clusters, DiscoveryVersion discovery = DiscoveryVersion.V1Beta1)
    {
        TestMachine.Require("curl");
        TestMachine.Require("dig");
        await clusters.Consul.StartAsync();
        var server = await clusters.StartedAsync(discovery);
        var site = new KubernetesSite(clusters.Consul, server, await KubernetesProxy.StartAsync(server), await HAProxyServer.StartNewAsync());
        await server.CreateNamespaceAsync(site.Space);
        await server.CreateNamespaceAsync(site.OtherSpace);
        await site.RenewTokenAsync();
        return site;
    }

    /// <summary>Asks the server for a token of Interlook's account and puts it where Interlook reads it.</summary>
    internal async Task RenewTokenAsync()
    {
        Token = await Server.CreateServiceAccountTokenAsync(ClusterServers.Account, ClusterServers.Account);
        await File.WriteAllTextAsync(TokenFile + ".next", Token);
        File.Move(TokenFile + ".next", TokenFile, overwrite: true);
    }

    /// <summary>Starts Interlook and does not wait.</summary>
    internal async Task<InterlookDaemon> LaunchAsync()
    {
        await File.WriteAllTextAsync(folder.File("interlook.yml"), Settings());
        var daemon = InterlookDaemon.Start(folder.File("interlook.yml"), api, folder.Path);
        daemons.Add(daemon);
        return daemon;
    }

    /// <summary>Starts Interlook and waits until it has seen what there is.</summary>
    internal async Task<InterlookDaemon> StartInterlookAsync()
    {
        var daemon = await LaunchAsync();
        await daemon.ReadyAsync();
        return daemon;
    }

    /// <summary>Runs <c>kubectl</c> in this site's namespace.</summary>
    internal Task<string> KubectlAsync(params string[] arguments) => Server.KubectlAsync(["-n", Space, .. arguments]);

    /// <summary>Hands objects to <c>kubectl apply</c>.</summary>
    internal Task ApplyAsync(params IEnumerable<JsonObject> objects)
    {
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. objects]) };
        return Server.KubectlAsync(["apply", "-f", "-"], list.ToJsonString());
    }

    /// <summary>A slice of a Service with pods at these addresses.</summary>
    internal JsonObject Slice(string space, string service, params IEnumerable<string> pods) => KubernetesObjects.Slice(
        Server.Discovery, space, service, service, pods.Select(pod => new SliceEndpoint(pod)), ("web", PodPort));

    /// <summary>Makes a Service and its slice by the API, and says how it shall be published.</summary>
    internal async Task<WantedService> CreateAsync(string name, params IReadOnlyList<string> pods)
    {
        await Server.Api.CreateAsync($"/api/v1/namespaces/{Space}/services", KubernetesObjects.Service(Space, name));
        await Server.Api.CreateAsync(Server.SlicesPath(Space), Slice(Space, name, pods));
        return Wanted(name, pods);
    }

    /// <summary>Gives a Service other pods by the API.</summary>
    internal async Task<WantedService> MoveAsync(string name, params IReadOnlyList<string> pods)
    {
        await Server.Api.MergeAsync(
            $"{Server.SlicesPath(Space)}/{name}", new JsonObject { ["endpoints"] = Slice(Space, name, pods)["endpoints"]!.DeepClone() });
        return Wanted(name, pods);
    }

    /// <summary>Removes a Service and its slice by the API.</summary>
    internal async Task DeleteAsync(string name)
    {
        await Server.Api.DeleteAsync($"/api/v1/namespaces/{Space}/services/{name}");
        await Server.Api.DeleteAsync($"{Server.SlicesPath(Space)}/{name}");
    }

    /// <summary>A Service of this site's namespace as it shall be published.</summary>
    internal WantedService Wanted(string name, params IEnumerable<string> pods) => new($"{Space}/{name}", $"{name}.{Space}.example.org", Targets(pods));

    /// <summary>The pods' addresses as entries show targets.</summary>
    internal string Targets(params IEnumerable<string> pods) =>
        string.Join(' ', pods.Select(pod => string.Create(CultureInfo.InvariantCulture, $"{pod}:{PodPort}")).Order(StringComparer.Ordinal));

    /// <summary>The places that a Service's status names, sorted, by namespace and name; without those that name none.</summary>
    internal async Task<Dictionary<string, string>> StatusesAsync() => (await Server.Api.GetAsync("/api/v1/services"))["items"]!.AsArray()
        .Select(service => (
            Name: $"{service!["metadata"]!["namespace"]}/{service["metadata"]!["name"]}",
            Places: (service["status"]?["loadBalancer"]?["ingress"]?.AsArray() ?? []).Select(place => (string?)place!["ip"] ?? (string?)place["hostname"])))
        .Where(service => service.Places.Any())
        .ToDictionary(service => service.Name, service => string.Join(' ', service.Places.Order(StringComparer.Ordinal)));

    /// <summary>The Events of a Service in the order in which they were written.</summary>
    internal async Task<IReadOnlyList<(string Reason, string Message)>> EventsAsync(string service)
    {
        var events = JsonNode.Parse(await KubectlAsync("get", "events", "-o", "json", "--field-selector", $"involvedObject.kind=Service,involvedObject.name={service}"))!;
        return
        [
            .. events["items"]!.AsArray()
                .OrderBy(said => (string)said!["metadata"]!["name"]!, StringComparer.Ordinal) // it holds the time
                .Select(said => ((string)said!["reason"]!, (string)said["message"]!)),
        ];
    }

    /// <summary>Waits until an Event is there.</summary>
    internal Task HasEventAsync(string service, string reason, string message = "") => WaitAsync(
        () => $"the Event {reason} of {service}, {message}",
        async () => (await EventsAsync(service)).Any(said => said.Reason == reason && said.Message.Contains(message, StringComparison.Ordinal)));

    /// <summary>
    /// Waits until these Services, and no others, are published, and all parties say so: GET /services, Consul, HAProxy's file, the running HAProxy,
    /// the Services' statuses.
    /// </summary>
    /// <returns>The address of each.</returns>
    internal async Task<IReadOnlyDictionary<string, string>> AgreesAsync(InterlookDaemon daemon, params IEnumerable<WantedService> wanted)
    {
        var agreement = new ClusterAgreement(this, daemon, wanted);
        await WaitAsync(() => string.Join("; ", agreement.Differences), agreement.IsReachedAsync);
        return agreement.Addresses;
    }

    /// <summary>Waits as <see cref="AgreesAsync"/>, and lets the observer look after these Services from then on.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> SettleAsync(InterlookDaemon daemon, params IReadOnlyCollection<WantedService> wanted)
    {
        var addresses = await AgreesAsync(daemon, wanted);
        foreach (var service in wanted)
            Observer.Expect(service, addresses[service.Name]);
        return addresses;
    }

    /// <summary>Waits until clients get the truth: the name resolves at Consul to one address, and requests there are answered by exactly these.</summary>
    /// <returns>The address.</returns>
    internal async Task<string> AnswersAsync(string host, params IReadOnlyList<string> identities)
    {
        var (address, seen) = ("", "nothing");
        await WaitAsync(
            () => $"{host} is answered by {string.Join(", ", identities)} (last: {seen})",
            async () =>
            {
                seen = "no single address";
                if (await ResolveAsync(host) is not [var only])
                    return false;
                address = only;
                seen = $"no answer at {address}";
                seen = string.Join(", ", (await Curl.GetAsync(host, address, HAProxy.HttpPort, identities.Count * 4)).Distinct().Order(StringComparer.Ordinal));
                return address.StartsWith(Prefix, StringComparison.Ordinal) && seen == string.Join(", ", identities.Order(StringComparer.Ordinal));
            });
        return address;
    }

    /// <summary>Waits until nothing is left for clients: the name does not resolve, and nobody listens at the address.</summary>
    internal Task IsGoneAsync(string host, string address) => WaitAsync(
        () => $"{host} is gone from Consul, and {address} from HAProxy",
        async () => await ResolveAsync(host) is [] && await Curl.IsRefusedAsync(address, HAProxy.HttpPort));

    /// <summary>Asks Consul for a name in <c>example.org</c>, which is the domain that Interlook cuts off.</summary>
    internal Task<IReadOnlyList<string>> ResolveAsync(string host) =>
        Consul.ResolveAsync(host.Replace(".example.org", "", StringComparison.Ordinal) + ".service.consul");

    /// <summary>Waits until Interlook follows the cluster: Services and slices are watched, and both its extensions say that they are connected.</summary>
    internal Task IsFollowedAsync(InterlookDaemon daemon) => WaitAsync(
        () => $"the cluster is followed; open are {string.Join(", ", Proxy.Watches.Select(watch => watch.Resource))}; Interlook said {daemon.Log}",
        async () => Proxy.Watches.Select(watch => watch.Resource).Order(StringComparer.Ordinal).SequenceEqual(["endpointslices", "services"])
            && await daemon.FailureAsync("provider.kubernetes") is null
            && await daemon.FailureAsync("status.kubernetes") is null);

    /// <summary>Trouble lasts this long: what is waited for is no condition.</summary>
    internal static Task PassAsync(TimeSpan time)
    {
        var begun = Stopwatch.GetTimestamp();
        return Eventually.TrueAsync("time has passed", () => Stopwatch.GetElapsedTime(begun) > time, time * 2);
    }

    /// <summary>
    /// Keeps back what watches would tell of some changes, until it has come to the proxy: nothing of it is seen by those that are open now, and what
    /// is opened later begins before it.
    /// </summary>
    /// <param name="events">How many events the changes make.</param>
    /// <param name="changeAsync">Makes the changes.</param>
    internal async Task<T> UnseenAsync<T>(int events, Func<Task<T>> changeAsync)
    {
        var before = Proxy.KeptBack;
        Proxy.PassesEvents = false;
        var result = await changeAsync();
        await Eventually.TrueAsync("the proxy has kept the events back", () => Proxy.KeptBack >= before + events);
        Proxy.PassesEvents = true;
        return result;
    }

    /// <summary>Waits for something with this suite's patience.</summary>
    internal static async Task WaitAsync(Func<string> what, Func<Task<bool>> condition)
    {
        try
        {
            await Eventually.TrueAsync("", condition, Patience);
        }
        catch (TimeoutException failure)
        {
            throw new TimeoutException($"never came true within {Patience}: {what()}", failure.InnerException);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Observer.DisposeAsync();
        foreach (var daemon in daemons)
        {
            Xunit.TestContext.Current.TestOutputHelper?.WriteLine(daemon.Log);
            await daemon.DisposeAsync();
        }
        await Server.StartAsync();
        foreach (var space in (string[])[Space, OtherSpace])
            await Server.KubectlAsync(["-n", space, "delete", "services,endpointslices", "--all", "--wait=false"]);
        await Server.KubectlAsync(["delete", "nodes", "--all", "--wait=false"]);
        await Consul.ClearAsync();
        await Proxy.DisposeAsync();
        await HAProxy.DisposeAsync();
        folder.Dispose();
    }

    private string Settings() => string.Create(CultureInfo.InvariantCulture, $"""
        core:
          logLevel: DEBUG
          listenPort: {api}
          instance: {Instance}
          workflow: provider.kubernetes,ipam.ipalloc,dns.consul,lb.haproxy,status.kubernetes
          checkFlowInterval: 1s
          flowEntriesFile: {folder.File("flowentries.db")}
          {Core.ReplaceLineEndings("\n  ")}
        provider:
          kubernetes:
            endpoint: {Proxy.Endpoint}
            tlsCa: {Server.AuthorityFile}
            tokenFile: {TokenFile}
            {Provider.ReplaceLineEndings("\n    ")}
        status:
          kubernetes: {Status}
        ipam:
          ipalloc:
            network_cidr: {Prefix}0/24
            ip_start: {Prefix}1
            ip_end: {Prefix}{Addresses}
            db_file: {folder.File("allocated.db")}
        dns:
          consul:
            url: {Consul.Url}
            domain: example.org
        lb:
          haproxy:
            configFile: {HAProxy.ConfigFile}
            masterSocket: {HAProxy.MasterSocket}
            otherConfigFiles: {HAProxy.ForeignConfigFile}
            binary: {HAProxy.Binary}
            httpPort: {HAProxy.HttpPort}
            httpsPort: {HAProxy.HttpsPort}
        """);
}
