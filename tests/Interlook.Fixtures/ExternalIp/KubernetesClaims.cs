using System.Net;
using System.Text.Json.Nodes;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>Claims in a Kubernetes API server, wanted by the Services of one namespace.</summary>
public sealed class KubernetesClaims : IClaimsPlace
{
    private const string Kinds = "/apis/ipcontroller.ext/v1";
    private const string Services = "/api/v1/namespaces/default/services";

    /// <summary>The server.</summary>
    public KubernetesServer Server { get; } = new();

    /// <inheritdoc/>
    public Uri Endpoint => Server.Endpoint;

    /// <inheritdoc/>
    public IReadOnlyList<string> Flags => ["--kubeconfig", Server.AdminKubeconfig];

    /// <inheritdoc/>
    public Task StartAsync() => Server.StartAsync();

    /// <inheritdoc/>
    public Task KillAsync() => Server.KillAsync();

    /// <inheritdoc/>
    public async Task AskAsync(string name, params IReadOnlyList<IPAddress> addresses)
    {
        var service = KubernetesObjects.Service("default", name, "ClusterIP");
        service["spec"]!["externalIPs"] = new JsonArray([.. addresses.Select(address => (JsonNode)address.ToString())]);
        await Server.Api.CreateAsync(Services, service);
    }

    /// <inheritdoc/>
    public Task WithdrawAsync(string name) => Server.Api.DeleteAsync($"{Services}/{name}");

    /// <inheritdoc/>
    public async Task WithdrawAllAsync()
    {
        foreach (var name in (await Server.Api.GetAsync(Services))["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!))
        {
            if (name != "kubernetes")
                await WithdrawAsync(name);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlacedClaim>> ClaimsAsync() => [.. (await ListAsync("ipclaims")).Select(PlacedClaim.Of)];

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, JsonNode>> NodesAsync() => (await ListAsync("ipnodes")).ToDictionary(node => (string)node["metadata"]!["name"]!);

    /// <inheritdoc/>
    public Task DeleteNodeAsync(string name) => Server.Api.DeleteAsync($"{Kinds}/ipnodes/{name}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>All objects of a kind; none while the server does not know it.</summary>
    private async Task<IEnumerable<JsonNode>> ListAsync(string plural)
    {
        var (status, text) = await Server.Api.SendAsync(HttpMethod.Get, $"{Kinds}/{plural}");
        return status switch
        {
            HttpStatusCode.OK => JsonNode.Parse(text)!["items"]!.AsArray().Select(item => item!),
            HttpStatusCode.NotFound => [],
            _ => throw new InvalidOperationException($"{plural}: {(int)status} {text}"),
        };
    }
}
