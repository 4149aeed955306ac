using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures;

/// <summary>
/// A real Consul: one server with its data in a temporary folder, on free ports of 127.0.0.1. What it holds survives
/// <see cref="StopAsync"/> and <see cref="StartAsync"/>, which keep the ports. Fit for an xunit class fixture: call
/// <see cref="StartAsync"/> in each test's own set-up, so that a machine without Consul skips.
/// </summary>
public sealed class ConsulAgent : IAsyncDisposable
{
    /// <summary>The name of the agent's own node, which belongs to nobody who registers services.</summary>
    public const string OwnNode = "consul-under-test";

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient api = new();
    private readonly int http = TestMachine.FreePort();
    private readonly int dns = TestMachine.FreePort();
    private readonly int server = TestMachine.FreePort();
    private readonly int serf = TestMachine.FreePort();
    private ServerProcess? process;

    /// <summary>More configuration in Consul's own language, for example an <c>acl</c> block.</summary>
    public string Configuration { get; init; } = "";

    /// <summary>The token of the fixture's own calls, where <see cref="Configuration"/> asks for one.</summary>
    public string? Token { get; init; }

    /// <summary>Where its HTTP API answers.</summary>
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http}"));

    /// <summary>Where its DNS answers, at 127.0.0.1, TCP and UDP.</summary>
    public int DnsPort => dns;

    /// <summary>Starts it, unless it runs, and waits until it has a leader and has replayed its log.</summary>
    public async Task StartAsync()
    {
        if (process is { IsRunning: true })
            return;
        process = ServerProcess.Start(TestMachine.Require("consul"), Arguments());
        await Eventually.TrueAsync("Consul has a leader and knows itself", async () =>
        {
            if (!process.IsRunning)
                throw new InvalidOperationException($"Consul ended: {process.Output}");
            return (await NodesAsync()).Contains(OwnNode);
        });
    }

    /// <summary>Stops it as an operator would; its data stay.</summary>
    public async Task StopAsync()
    {
        if (process is null)
            return;
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Removes everything that was registered and is not the agent's own.</summary>
    public async Task ClearAsync()
    {
        foreach (var node in await NodesAsync())
        {
            if (node != OwnNode)
                await DeregisterAsync(new JsonObject { ["Node"] = node });
        }
        foreach (var service in (await GetAsync($"/v1/catalog/node/{OwnNode}"))!["Services"]!.AsObject())
        {
            if (service.Key != "consul")
                await DeregisterAsync(new JsonObject { ["Node"] = OwnNode, ["ServiceID"] = service.Key });
        }
    }

    /// <summary>Puts something into the catalog by somebody else's hand: the body of <c>/v1/catalog/register</c>.</summary>
    public Task RegisterAsync(JsonObject registration) => PutAsync("/v1/catalog/register", registration);

    /// <summary>Takes something out of the catalog by somebody else's hand: the body of <c>/v1/catalog/deregister</c>.</summary>
    public Task DeregisterAsync(JsonObject deregistration) => PutAsync("/v1/catalog/deregister", deregistration);

    /// <summary>Reads from the HTTP API.</summary>
    /// <param name="path">From the first slash, with its query.</param>
    public async Task<JsonNode?> GetAsync(string path)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await api.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Writes through the HTTP API.</summary>
    /// <param name="path">From the first slash, with its query.</param>
    /// <param name="body">What to send.</param>
    public async Task<JsonNode?> PutAsync(string path, JsonObject body)
    {
        using var request = Request(HttpMethod.Put, path);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)
            : throw new InvalidOperationException($"PUT {path}: {(int)response.StatusCode} {text}");
    }

    /// <summary>
    /// The catalog without the agent's own entry: a line for each service (<c>node/id name [tags] address:port status meta</c>) and for each
    /// node that has none (<c>node address meta</c>).
    /// </summary>
    public async Task<IReadOnlyList<string>> ReadCatalogAsync()
    {
        var lines = new List<string>();
        foreach (var name in await NodesAsync())
        {
            var node = (await GetAsync($"/v1/catalog/node/{Uri.EscapeDataString(name)}"))!;
            var checks = (await GetAsync($"/v1/health/node/{Uri.EscapeDataString(name)}"))!.AsArray();
            var services = node["Services"]!.AsObject().Where(service => service.Key != "consul").ToList();
            lines.AddRange(services.Select(service => Line(name, service.Value!, checks)));
            if (services.Count == 0 && name != OwnNode)
                lines.Add($"{name} {node["Node"]!["Address"]} {node["Node"]!["Meta"]?.ToJsonString()}");
        }
        return lines;
    }

    /// <summary>Asks its DNS with the real <c>dig</c>.</summary>
    /// <param name="name">The whole name, <c>app.service.consul</c>.</param>
    /// <param name="type">The record type.</param>
    /// <returns>The answers' data as <c>dig +short</c> prints them, sorted; empty when there are none.</returns>
    public async Task<IReadOnlyList<string>> ResolveAsync(string name, string type = "A") =>
        [.. (await DigAsync("+short", name, type)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Runs <c>dig</c> against its DNS.</summary>
    /// <param name="arguments">Added to the server's address.</param>
    /// <returns>What it printed.</returns>
    public async Task<string> DigAsync(params string[] arguments)
    {
        var port = dns.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(TestMachine.Require("dig"), ["@127.0.0.1", "-p", port, "+time=5", "+tries=2", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var dig = Process.Start(start)!;
        var output = await dig.StandardOutput.ReadToEndAsync();
        await dig.WaitForExitAsync();
        return dig.ExitCode == 0 ? output : throw new InvalidOperationException($"dig ended with {dig.ExitCode}: {output}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        api.Dispose();
        folder.Dispose();
    }

    private static string Line(string node, JsonNode service, JsonArray checks)
    {
        var statuses = checks
            .Where(check => (string?)check!["ServiceID"] == (string?)service["ID"])
            .Select(check => (string?)check!["Status"]);
        return $"{node}/{service["ID"]} {service["Service"]} {service["Tags"]?.ToJsonString()} {service["Address"]}:{service["Port"]} "
            + $"{string.Join(',', statuses)} {service["Meta"]?.ToJsonString()}";
    }

    /// <summary>Not in the default mode, in which a server just started answers while it still replays its log.</summary>
    private async Task<List<string>> NodesAsync() =>
        [.. (await GetAsync("/v1/catalog/nodes?consistent"))!.AsArray().Select(node => (string)node!["Node"]!)];

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Url, path));
        if (Token is not null)
            request.Headers.Add("X-Consul-Token", Token);
        return request;
    }

    private IEnumerable<string> Arguments() =>
    [
        "agent", "-server", "-bootstrap-expect=1", $"-node={OwnNode}", $"-data-dir={folder.File("data")}",
        "-bind=127.0.0.1", "-client=127.0.0.1", "-disable-host-node-id", "-log-level=warn",
        Port("http", http), Port("dns", dns), Port("server", server), Port("serf-lan", serf), "-serf-wan-port=-1", "-grpc-port=-1",
        "-hcl", "performance { raft_multiplier = 1 } disable_update_check = true " + Configuration,
    ];

    private static string Port(string name, int port) => string.Create(CultureInfo.InvariantCulture, $"-{name}-port={port}");
}
