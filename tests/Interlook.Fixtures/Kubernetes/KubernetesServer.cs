using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>
/// A real Kubernetes API server with an etcd behind it, on free ports of 127.0.0.1, with RBAC. Nothing else of a cluster runs: no kubelet
/// reports on a node, no controller makes slices of a service's endpoints or empties a deleted namespace, so whatever a test creates stays
/// as it is. What it holds survives <see cref="StopAsync"/>, <see cref="KillAsync"/> and <see cref="StartAsync"/>, which keep the port. A
/// start takes some five seconds: share one (<see cref="StartAsync"/> may be called by many at once), and give each test a namespace.
/// </summary>
public sealed class KubernetesServer : IAsyncDisposable
{
    /// <summary>The version of the server and of <c>kubectl</c>.</summary>
    public const string Version = "1.20.2";

    /// <summary>A token of a user who may do everything.</summary>
    public const string AdminToken = "token-of-the-administrator";

    // On a loaded machine the server has taken half a minute.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly EtcdServer etcd = new();
    private readonly ClusterCertificates certificates;
    private readonly SemaphoreSlim starting = new(1);
    private readonly List<KubernetesApi> callers = [];
    private readonly int port = TestMachine.FreePort();
    private ServerProcess? process;
    private bool ready;

    /// <summary>Prepares one; nothing runs before <see cref="StartAsync"/>.</summary>
    public KubernetesServer()
    {
        certificates = new ClusterCertificates(folder);
        Api = As(AdminToken);
        AdminKubeconfig = WriteKubeconfig("admin", $"token: {AdminToken}");
    }

    /// <summary>Where EndpointSlices are.</summary>
    /// <remarks>
    /// This server has them as <c>v1beta1</c> of its own. As <c>v1</c> it has them through a custom resource of the same group, names and
    /// schema, and then not as <c>v1beta1</c>: lists, watches, conflicts and rights are the server's own either way.
    /// </remarks>
    public DiscoveryVersion Discovery { get; init; } = DiscoveryVersion.V1Beta1;

    /// <summary>More of its flags, for example <c>--watch-cache-sizes=services#0</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Where it answers, with TLS.</summary>
    public Uri Endpoint => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));

    /// <summary>PEM file of the authority that its certificate comes from.</summary>
    public string AuthorityFile => certificates.AuthorityFile;

    /// <summary>The certificate it shows, with its key: for something that stands before it.</summary>
    public X509Certificate2 Certificate => certificates.Server;

    /// <summary>A kubeconfig of the administrator.</summary>
    public string AdminKubeconfig { get; }

    /// <summary>Calls by the administrator.</summary>
    public KubernetesApi Api { get; }

    /// <summary>Where EndpointSlices of a namespace are, or of all of them.</summary>
    public string SlicesPath(string? ns = null) =>
        $"/apis/discovery.k8s.io/{(Discovery == DiscoveryVersion.V1 ? "v1" : "v1beta1")}/{(ns is null ? "" : $"namespaces/{ns}/")}endpointslices";

    /// <summary>Starts it, unless it runs, and waits until it is ready. Skips the test where it was not built.</summary>
    public async Task StartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (ready && process is { IsRunning: true })
                return;
            ready = false;
            await StopAsync();
            var program = Program("kube-apiserver");
            await etcd.StartAsync();
            process = ServerProcess.Start(program, Arguments());
            await Eventually.TrueAsync("the API server is ready", IsReadyAsync, StartPatience);
            if (Discovery == DiscoveryVersion.V1)
                await DefineSlicesAsync();
            ready = true;
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>Stops the API server as an operator would; etcd goes on, and what it holds stays.</summary>
    public async Task StopAsync()
    {
        if (process is null)
            return;
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Ends the API server at once, with every connection; etcd goes on, and what it holds stays.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await process!.WaitForExitAsync(CancellationToken.None);
        await StopAsync();
    }

    /// <summary>Sends the API server a signal: <c>STOP</c> lets it hang with its connections open, <c>CONT</c> go on.</summary>
    public Task SignalAsync(string signal) => process!.SignalAsync(signal);

    /// <summary>
    /// Forgets the history before now. Pages of a list that was begun earlier are <c>410 Gone</c> from here on; a watch from an earlier version
    /// only after a restart, since a running server watches for its clients and remembers what it saw.
    /// </summary>
    public async Task CompactEtcdAsync()
    {
        var status = JsonNode.Parse(await etcd.ControlAsync("endpoint", "status", "-w", "json"))!;
        await etcd.ControlAsync("compact", ((long)status[0]!["Status"]!["header"]!["revision"]!).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Calls by whoever a token belongs to.</summary>
    public KubernetesApi As(string token)
    {
        var caller = new KubernetesApi(Endpoint, certificates.Authority, token);
        lock (callers)
            callers.Add(caller);
        return caller;
    }

    /// <summary>Makes a certificate that the server takes for a user.</summary>
    /// <param name="user">The user.</param>
    /// <param name="groups">The user's groups; <c>system:masters</c> may do everything.</param>
    /// <param name="end">When it expires; null is in many years.</param>
    public ClientCertificate IssueClientCertificate(string user, IEnumerable<string> groups, DateTimeOffset? end = null) =>
        certificates.IssueClient(user, groups, end);

    /// <summary>Writes a kubeconfig with this server as its only cluster.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="user">The members of the user, <c>token: abc</c>, each on a line.</param>
    /// <returns>Its path.</returns>
    public string WriteKubeconfig(string name, string user)
    {
        var path = folder.File($"{name}.kubeconfig");
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: under-test
              cluster:
                server: {{Endpoint.AbsoluteUri.TrimEnd('/')}}
                certificate-authority: {{AuthorityFile}}
            users:
            - name: {{name}}
              user:
                {{user.ReplaceLineEndings("\n    ")}}
            contexts:
            - name: under-test
              context: {cluster: under-test, user: {{name}}}
            current-context: under-test

            """);
        return path;
    }

    /// <summary>Runs <c>kubectl</c> as the administrator.</summary>
    /// <param name="arguments">Its arguments; a <c>--token</c> among them makes it somebody else.</param>
    /// <param name="input">What it reads, for <c>-f -</c>.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public async Task<string> KubectlAsync(IReadOnlyList<string> arguments, string input = "")
    {
        var (code, output, error) = await TryKubectlAsync(arguments, input);
        return code == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} ended with {code}: {error}");
    }

    /// <summary>Runs <c>kubectl</c> as the administrator, without an opinion about how it ends.</summary>
    public async Task<(int ExitCode, string Output, string Error)> TryKubectlAsync(IReadOnlyList<string> arguments, string input = "")
    {
        // A token given to kubectl does not win over one of the file: so who brings one gets a file without.
        var anybody = arguments.Any(argument => argument.StartsWith("--token", StringComparison.Ordinal));
        var config = anybody ? WriteKubeconfig("anybody", "{}") : AdminKubeconfig;
        var start = new ProcessStartInfo(Program("kubectl"), ["--kubeconfig", config, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = folder.Path },
        };
        using var kubectl = Process.Start(start)!;
        var error = kubectl.StandardError.ReadToEndAsync();
        var output = kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.StandardInput.WriteAsync(input);
        kubectl.StandardInput.Close();
        await kubectl.WaitForExitAsync();
        return (kubectl.ExitCode, await output, await error);
    }

    /// <summary>Makes a namespace, unless it is there.</summary>
    public async Task CreateNamespaceAsync(string name) => await EnsureAsync("/api/v1/namespaces", KubernetesObjects.Named("v1", "Namespace", null, name));

    /// <summary>Makes a service account, unless it is there, and asks for a token of it (TokenRequest).</summary>
    /// <param name="ns">Its namespace, which is made too.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lifetime">How long the token is good; the server takes no less than ten minutes.</param>
    public async Task<string> CreateServiceAccountTokenAsync(string ns, string name, TimeSpan? lifetime = null)
    {
        await CreateNamespaceAsync(ns);
        await EnsureAsync($"/api/v1/namespaces/{ns}/serviceaccounts", KubernetesObjects.Named("v1", "ServiceAccount", ns, name));
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = (long)(lifetime ?? TimeSpan.FromHours(1)).TotalSeconds },
        };
        var answer = await Api.CreateAsync($"/api/v1/namespaces/{ns}/serviceaccounts/{name}/token", request);
        return (string)answer["status"]!["token"]!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is { IsRunning: true })
            await KillAsync(); // nothing it holds is worth the wait for its connections to end
        await etcd.DisposeAsync();
        callers.ForEach(caller => caller.Dispose());
        certificates.Dispose();
        starting.Dispose();
        folder.Dispose();
    }

    private static string Program(string name)
    {
        var path = Path.Combine(TestMachine.Cache, $"kubernetes-{Version}", name);
        if (!File.Exists(path))
            TestMachine.Absent($"{name} {Version} was not built: run tests/kubernetes.sh");
        return path;
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process is not { IsRunning: true })
            throw new InvalidOperationException($"the API server ended: {process?.Output}");
        // It says it is ready before the namespace that it makes itself is there.
        return (await Api.SendAsync(HttpMethod.Get, "/readyz")).Status == HttpStatusCode.OK
            && (await Api.SendAsync(HttpMethod.Get, "/api/v1/namespaces/default/services/kubernetes")).Status == HttpStatusCode.OK;
    }

    private async Task DefineSlicesAsync()
    {
        await EnsureAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", KubernetesObjects.SlicesDefinition());
        await Eventually.TrueAsync(
            "the custom resource is served",
            async () => (await Api.SendAsync(HttpMethod.Get, SlicesPath())).Status == HttpStatusCode.OK
                && (await Api.SendAsync(HttpMethod.Get, "/apis/discovery.k8s.io/v1")).Text.Contains("\"endpointslices\"", StringComparison.Ordinal),
            StartPatience);
    }

    private async Task EnsureAsync(string path, JsonObject body)
    {
        var (status, text) = await Api.SendAsync(HttpMethod.Post, path, body);
        if (status is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
            throw new InvalidOperationException($"POST {path}: {(int)status} {text}");
    }

    private IEnumerable<string> Arguments()
    {
        var tokens = folder.File("tokens.csv");
        File.WriteAllText(tokens, $"{AdminToken},administrator,1,system:masters\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return
        [
            $"--etcd-servers={etcd.Url.AbsoluteUri.TrimEnd('/')}", "--etcd-compaction-interval=0",
            "--bind-address=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--secure-port={port}"), $"--cert-dir={folder.Path}",
            $"--tls-cert-file={certificates.ServerFile}", $"--tls-private-key-file={certificates.ServerKeyFile}",
            $"--client-ca-file={certificates.ClientAuthorityFile}", $"--token-auth-file={tokens}", "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc", $"--service-account-key-file={certificates.TokenKeyFile}",
            $"--service-account-signing-key-file={certificates.TokenKeyFile}", "--service-cluster-ip-range=10.96.0.0/16",
            // Pods may name a service account that has no secret, and a node is not taken for unready until a controller looks at it.
            "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition", "--endpoint-reconciler-type=none", "--profiling=false",
            .. Discovery == DiscoveryVersion.V1 ? ["--runtime-config=discovery.k8s.io/v1beta1=false"] : (string[])[],
            .. Flags,
        ];
    }
}
