using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures;

/// <summary>
/// A real etcd with its data in a temporary folder, on free ports of 127.0.0.1, with the interfaces v3 and v2. What it holds survives
/// <see cref="StopAsync"/>, <see cref="KillAsync"/> and <see cref="StartAsync"/>, which keep the ports. Fit for an xunit class fixture: call
/// <see cref="StartAsync"/> in each test's own set-up, so that a machine without etcd skips.
/// </summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient api = new();
    private readonly int client = TestMachine.FreePort();
    private readonly int peer = TestMachine.FreePort();
    private ServerProcess? process;

    /// <summary>More of its flags, for example <c>--quota-backend-bytes=1000000</c>.</summary>
    public IReadOnlyList<string> Flags { get; set; } = [];

    /// <summary>PEM files of its certificate, its key, and the authority that clients' certificates must come from; null speaks without TLS.</summary>
    public (string Certificate, string Key, string ClientAuthority)? Tls { get; init; }

    /// <summary>Arguments of the fixture's own <c>etcdctl</c>, where <see cref="Tls"/> or users ask for them.</summary>
    public IReadOnlyList<string> Login { get; set; } = [];

    /// <summary>Where it answers clients.</summary>
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"{(Tls is null ? "http" : "https")}://127.0.0.1:{client}"));

    /// <summary>Where it answers other members.</summary>
    public Uri PeerUrl => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{peer}"));

    /// <summary>Starts it, unless it runs, and waits until it has a leader.</summary>
    public async Task StartAsync()
    {
        if (process is { IsRunning: true })
            return;
        process = ServerProcess.Start(TestMachine.Require("etcd"), Arguments());
        await Eventually.TrueAsync("etcd has a leader", async () =>
        {
            if (!process.IsRunning)
                throw new InvalidOperationException($"etcd ended: {process.Output}");
            return (await TryControlAsync("endpoint", "health")).ExitCode == 0;
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

    /// <summary>Ends it at once; its data stay.</summary>
    public async Task KillAsync()
    {
        await process!.SignalAsync("KILL");
        await process.WaitForExitAsync(CancellationToken.None);
        await StopAsync();
    }

    /// <summary>Stops it and destroys what it holds.</summary>
    public async Task WipeAsync()
    {
        await KillAsync();
        Directory.Delete(folder.File("data"), recursive: true);
    }

    /// <summary>Removes every key, of v3 and of v2.</summary>
    public async Task ClearAsync()
    {
        await ControlAsync("del", "", "--from-key");
        foreach (var node in await NodesAsync(recursive: false))
            await OldAsync(HttpMethod.Delete, (string)node["key"]! + "?recursive=true");
    }

    /// <summary>Runs <c>etcdctl</c> for v3.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        var (code, output) = await TryControlAsync(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"etcdctl {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>All keys of v3 with their values and leases, in order.</summary>
    public async Task<IReadOnlyList<(string Key, string Value, long Lease)>> ReadAsync()
    {
        var answer = JsonNode.Parse(await ControlAsync("get", "", "--from-key", "-w", "json"))!;
        return
        [
            .. (answer["kvs"]?.AsArray() ?? []).Select(
                kv => (Text(kv!["key"]), Text(kv["value"]), kv["lease"] is { } lease ? (long)lease : 0L)),
        ];
    }

    /// <summary>All keys of v2 with their values, in order.</summary>
    public async Task<IReadOnlyList<(string Key, string Value)>> ReadOldAsync() =>
    [
        .. (await NodesAsync(recursive: true)).SelectMany(Files).OrderBy(file => file.Key, StringComparer.Ordinal),
    ];

    /// <summary>Calls v2.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The key, with its query.</param>
    /// <param name="form">What to send.</param>
    public async Task<JsonNode> OldAsync(HttpMethod method, string path, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, "/v2/keys" + path));
        if (form.Length > 0)
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        api.Dispose();
        folder.Dispose();
    }

    private async Task<(int ExitCode, string Output)> TryControlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(TestMachine.Require("etcdctl"), [$"--endpoints={Url.AbsoluteUri.TrimEnd('/')}", .. Login, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ETCDCTL_API"] = "3" },
        };
        using var control = Process.Start(start)!;
        var error = control.StandardError.ReadToEndAsync();
        var output = await control.StandardOutput.ReadToEndAsync();
        await control.WaitForExitAsync();
        return (control.ExitCode, control.ExitCode == 0 ? output : output + await error);
    }

    private async Task<IEnumerable<JsonNode>> NodesAsync(bool recursive)
    {
        var root = await OldAsync(HttpMethod.Get, $"/?recursive={(recursive ? "true" : "false")}&quorum=true");
        return (root["node"]?["nodes"]?.AsArray() ?? []).Select(node => node!);
    }

    private static IEnumerable<(string Key, string Value)> Files(JsonNode node) => node["dir"] is not null
        ? (node["nodes"]?.AsArray() ?? []).SelectMany(child => Files(child!))
        : [((string)node["key"]!, (string)node["value"]!)];

    private static string Text(JsonNode? bytes) => bytes is null ? "" : System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)bytes!));

    private IEnumerable<string> Arguments()
    {
        var peers = PeerUrl.AbsoluteUri.TrimEnd('/');
        var clients = Url.AbsoluteUri.TrimEnd('/');
        return
        [
            "--name=under-test", $"--data-dir={folder.File("data")}", $"--listen-client-urls={clients}", $"--advertise-client-urls={clients}",
            $"--listen-peer-urls={peers}", $"--initial-advertise-peer-urls={peers}", $"--initial-cluster=under-test={peers}",
            "--enable-v2", "--log-level=warn", "--heartbeat-interval=50", "--election-timeout=500",
            .. Tls is { } tls
                ? [$"--cert-file={tls.Certificate}", $"--key-file={tls.Key}", $"--trusted-ca-file={tls.ClientAuthority}", "--client-cert-auth"]
                : (string[])[],
            .. Flags,
        ];
    }
}
