using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Tests.Kubernetes;
using Interlook.Fixtures.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary>
/// An API server with the kinds of claims, whose objects are in no namespace: so tests take turns, and each begins with none. A server of its own,
/// because what others judge on theirs is everything that it knows.
/// </summary>
public sealed class ClaimCluster : IAsyncDisposable
{
    internal const string Collection = "Claims in Kubernetes";

    internal static readonly TimeSpan Resync = TimeSpan.FromMinutes(1);

    private readonly List<IDisposable> opened = [];
    private int namespaces;

    public KubernetesServer Server { get; } = new();

    /// <summary>Starts it with the three kinds and no object of them.</summary>
    public async Task StartAsync()
    {
        await Server.StartAsync();
        await new ClaimDefinitions(Open(), TimeProvider.System, NullLogger<ClaimDefinitions>.Instance).EnsureAsync(TestContext.Current.CancellationToken);
        foreach (var plural in new[] { "ipnodes", "ipclaims", "ipclaimpools" })
            await Server.Api.DeleteAsync(PathOf(plural));
    }

    /// <summary>A store that has a connection of its own.</summary>
    internal KubernetesClaimStore OpenStore(ApiServer? api = null, TimeSpan? patience = null, TimeProvider? time = null) =>
        new(api ?? Open(), patience ?? TimeSpan.FromSeconds(20), Resync, time ?? TimeProvider.System, NullLogger.Instance);

    /// <summary>The calls of the administrator, or of whoever a token belongs to.</summary>
    internal ApiServer Open(string token = KubernetesServer.AdminToken) => Keep(TestAccess.Open(Server, token));

    /// <summary>The calls of the administrator through a proxy.</summary>
    internal ApiServer Open(KubernetesProxy proxy) =>
        Keep(new ApiServer(TestAccess.Of(Server) with { Endpoint = proxy.Endpoint }, TimeProvider.System, isReadOnly: false));

    /// <summary>The calls of the administrator by way of another port.</summary>
    internal ApiServer Open(System.Net.IPEndPoint way) =>
        new(TestAccess.Of(Server) with { Endpoint = new UriBuilder(Server.Endpoint) { Host = way.Address.ToString(), Port = way.Port }.Uri }, TimeProvider.System, isReadOnly: false);

    /// <summary>Makes a namespace that nobody else uses.</summary>
    public async Task<string> CreateNamespaceAsync()
    {
        var name = $"claims-{Interlocked.Increment(ref namespaces)}";
        await Server.CreateNamespaceAsync(name);
        return name;
    }

    internal static string PathOf(string plural, string name = "") => $"/apis/{WellKnown.ApiVersion}/{plural}{(name == "" ? "" : $"/{name}")}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        opened.ForEach(each => each.Dispose());
        await Server.DisposeAsync();
    }

    private ApiServer Keep(ApiServer api)
    {
        opened.Add(api);
        return api;
    }
}

/// <summary>The tests that share the server, one after another.</summary>
[CollectionDefinition(ClaimCluster.Collection)]
public sealed class ClaimClusterTests : ICollectionFixture<ClaimCluster>;
