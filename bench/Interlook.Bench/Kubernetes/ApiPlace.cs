using System.Net;
using System.Security.Cryptography.X509Certificates;
using Interlook.Bench.Docker;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.Bench.Kubernetes;

/// <summary>
/// An API server with three nodes, and what bare clients do there. Everybody is an administrator, whom the server does not put off, and whose token is
/// in its memory: so it does the same for all.
/// </summary>
internal sealed class ApiPlace : IAsyncDisposable
{
    private const int Nodes = 3;

    private readonly X509Certificate2 authority;

    private ApiPlace(KubernetesServer server)
    {
        Server = server;
        authority = X509CertificateLoader.LoadCertificateFromFile(server.AuthorityFile);
    }

    public KubernetesServer Server { get; }

    /// <summary>Starts one. The usual range of node ports holds 2,768.</summary>
    /// <param name="isForMany">
    /// True for thousands of writes at once. This server (1.20.2) then stops telling the watches of its cache, ours and everybody's, while the connections
    /// stay open: so there the watches of Services come from etcd itself, for all who watch.
    /// </param>
    public static async Task<ApiPlace> StartAsync(bool isForMany = false)
    {
        var place = new ApiPlace(new KubernetesServer
        {
            Flags = ["--service-node-port-range=10000-60000", .. isForMany ? ["--watch-cache-sizes=services#0"] : (string[])[]],
        });
        await place.Server.StartAsync();
        for (var i = 0; i < Nodes; i++)
            await place.Server.Api.CreateAsync("/api/v1/nodes", KubernetesObjects.Node(Node(i), $"192.0.2.{i + 1}"));
        return place;
    }

    /// <summary>A connection of a bare client's.</summary>
    public RawHttp Connect() => RawHttp.OverTls(new IPEndPoint(IPAddress.Loopback, Server.Endpoint.Port), authority, KubernetesServer.AdminToken);

    /// <summary>Follows the Services from now on.</summary>
    /// <param name="onAdded">What is done for each that comes.</param>
    public async Task<RawWatch> WatchAsync(Action<string>? onAdded = null)
    {
        var list = await Server.Api.GetAsync("/api/v1/services?limit=1");
        return new RawWatch(Connect(), (string)list["metadata"]!["resourceVersion"]!, onAdded);
    }

    /// <summary>Makes a Service.</summary>
    /// <param name="client">Who makes it.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="type">LoadBalancer is ours; NodePort without labels is nobody's.</param>
    public static void CreateService(RawHttp client, string ns, string name, string type = "LoadBalancer") =>
        client.Ask("POST", $"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, name, type).ToJsonString());

    /// <summary>Makes a slice with two endpoints, as there is one for each Service.</summary>
    /// <param name="client">Who makes it.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">The Service.</param>
    /// <param name="number">A number of its own.</param>
    public static void CreateSlice(RawHttp client, string ns, string name, int number)
    {
        var endpoints = new[] { 0, 1 }.Select(i => new SliceEndpoint($"10.{200 + i}.{number >> 8}.{number & 255}", Node: Node((number + i) % Nodes)));
        client.Ask(
            "POST", $"/apis/discovery.k8s.io/v1beta1/namespaces/{ns}/endpointslices",
            KubernetesObjects.Slice(DiscoveryVersion.V1Beta1, ns, name, $"{name}-1", endpoints).ToJsonString());
    }

    /// <summary>Writes an address into a Service's status, and nothing else: the least that can be written there.</summary>
    public static void WriteStatus(RawHttp client, string ns, string name) => Patch(client, ns, name, """{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}""");

    /// <summary>Takes all that stands there.</summary>
    public static void ClearStatus(RawHttp client, string ns, string name) => Patch(client, ns, name, """{"loadBalancer":{"ingress":null},"conditions":null}""");

    /// <summary>Reads whole lists of what the provider follows.</summary>
    public static void ListAll(RawHttp client)
    {
        client.Ask("GET", "/api/v1/services");
        client.Ask("GET", "/apis/discovery.k8s.io/v1beta1/endpointslices");
        client.Ask("GET", "/api/v1/nodes");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        authority.Dispose();
    }

    private static string Node(int number) => $"node-{number}";

    private static void Patch(RawHttp client, string ns, string name, string status) => client.Ask(
        "PATCH", $"/api/v1/namespaces/{ns}/services/{name}/status", $$"""{"status":{{status}}}""", "application/merge-patch+json");
}
