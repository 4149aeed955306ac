using System.Net;
using System.Net.Sockets;
using System.Text;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Tests.Kubernetes.Calls;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Access;

/// <summary>Whom we believe, and who we are, on real connections.</summary>
public sealed class ConnectionTests(SharedKubernetes kubernetes)
{
    private static readonly ObjectName Own = new("default", "kubernetes");

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_was_replaced_is_taken_up_as_soon_as_the_old_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("token"), "old");
        await using var scripted = await ScriptedApi.StartAsync();
        var accepted = "old";
        scripted.Answer = call => call.Request.Headers.Authorization == $"Bearer {accepted}"
            ? ScriptedApi.JsonAsync(call, ScriptedApi.Service("web"))
            : ScriptedApi.FailAsync(call, 401, "Unauthorized", "Unauthorized");
        using var api = scripted.Open(
            new ManualTimeProvider(),
            new WrittenCredential { Token = new RotatedFile(folder.File("token"), "tokenFile", new ManualTimeProvider()), Origin = "the test" });

        await api.GetAsync(api.Kinds.Services, Own, Stopping);
        accepted = "new";
        File.WriteAllText(folder.File("token"), "new");
        var found = await api.GetAsync(api.Kinds.Services, Own, Stopping);
        accepted = "newer";
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => api.GetAsync(api.Kinds.Services, Own, Stopping));

        Assert.NotNull(found);
        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Equal(5, scripted.Calls.Count); // one, two, two: it does not ask for ever
    }

    [Fact]
    public async Task An_authority_that_was_replaced_counts_for_new_connections()
    {
        using var folder = new TemporaryFolder();
        await using var other = await ScriptedApi.StartAsync();
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => ScriptedApi.JsonAsync(call, ScriptedApi.Service("web"));
        File.WriteAllText(folder.File("ca"), other.Authority);
        var time = new ManualTimeProvider();
        using var api = new ApiServer(
            scripted.Access() with { Authorities = new RotatedFile(folder.File("ca"), "tlsCa", time) }, time, isReadOnly: false);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => api.GetAsync(api.Kinds.Services, Own, Stopping));
        File.WriteAllText(folder.File("ca"), scripted.Authority);
        time.Advance(RotatedFile.Trusted);
        var found = await api.GetAsync(api.Kinds.Services, Own, Stopping);

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Contains("TLS failed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("check the authorities, server name and client certificate of the test", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(found);
    }

    [Fact]
    public async Task The_certificate_must_bear_the_name_that_is_written_down()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => ScriptedApi.JsonAsync(call, ScriptedApi.Service("web"));
        using var right = new ApiServer(scripted.Access() with { ServerName = "cluster.example.org" }, TimeProvider.System, isReadOnly: false);
        using var wrong = new ApiServer(scripted.Access() with { ServerName = "other.example.org" }, TimeProvider.System, isReadOnly: false);
        using var any = new ApiServer(
            scripted.Access() with { ServerName = "other.example.org", Authorities = null, SkipVerify = true }, TimeProvider.System, isReadOnly: false);

        var found = await right.GetAsync(right.Kinds.Services, Own, Stopping);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => wrong.GetAsync(wrong.Kinds.Services, Own, Stopping));
        var unverified = await any.GetAsync(any.Kinds.Services, Own, Stopping);

        Assert.NotNull(found);
        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.NotNull(unverified);
    }

    [Fact]
    public async Task A_proxy_that_is_written_down_is_gone_through()
    {
        await using var scripted = await ScriptedApi.StartAsync();
        scripted.Answer = call => ScriptedApi.JsonAsync(call, ScriptedApi.Service("web"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = PassOnceAsync(listener, scripted.Url.Port);
        var proxy = new Uri($"http://ada:secret@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var api = new ApiServer(scripted.Access() with { Proxy = proxy }, TimeProvider.System, isReadOnly: false);

        var found = await api.GetAsync(api.Kinds.Services, Own, Stopping);

        Assert.NotNull(found);
        Assert.StartsWith($"CONNECT 127.0.0.1:{scripted.Url.Port} HTTP/1.1", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_of_a_kubeconfig_is_believed_by_a_real_server()
    {
        var server = await kubernetes.StartedAsync();
        var certificate = server.IssueClientCertificate("dora", ["system:masters"]);
        var path = server.WriteKubeconfig("dora", $"client-certificate: {certificate.CertificateFile}\nclient-key: {certificate.KeyFile}");
        using var api = new ApiServer(Choose(path), TimeProvider.System, isReadOnly: false);

        Assert.NotNull(await api.GetAsync(api.Kinds.Services, Own, Stopping));
    }

    [Fact]
    public async Task A_client_certificate_of_a_credential_plugin_is_believed_by_a_real_server()
    {
        var server = await kubernetes.StartedAsync();
        using var folder = new TemporaryFolder();
        var certificate = server.IssueClientCertificate("emil", ["system:masters"]);
        var answer = $$$$"""
            {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{
            "clientCertificateData":"{{{{OneLine(certificate.CertificateFile)}}}}","clientKeyData":"{{{{OneLine(certificate.KeyFile)}}}}"}}
            """;
        File.WriteAllText(folder.File("answer"), answer);
        var path = server.WriteKubeconfig("emil", $"exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: cat\n  args: ['{folder.File("answer")}']");
        using var api = new ApiServer(Choose(path), TimeProvider.System, isReadOnly: false);

        Assert.NotNull(await api.GetAsync(api.Kinds.Services, Own, Stopping));
    }

    [Fact]
    public async Task Who_acts_as_somebody_else_has_that_ones_rights()
    {
        var server = await kubernetes.StartedAsync();
        var path = server.WriteKubeconfig("frieda", $"token: {KubernetesServer.AdminToken}\nas: gustav\nas-groups: [guests]");
        using var api = new ApiServer(Choose(path), TimeProvider.System, isReadOnly: false);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => api.GetAsync(api.Kinds.Services, Own, Stopping));

        Assert.Equal(Reason.Unauthorized, failure.Reason);
        Assert.Contains("gustav", failure.Message, StringComparison.Ordinal);
    }

    private static ClusterAccess Choose(string path) =>
        new KubeconfigAccess(Kubeconfig.Read([path]), Surroundings.Process, TimeProvider.System).Choose("");

    private static string OneLine(string file) => File.ReadAllText(file).ReplaceLineEndings("\\n");

    /// <summary>A proxy for one connection; gives what it was asked.</summary>
    private static async Task<string> PassOnceAsync(TcpListener listener, int port)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(Stopping);
            var stream = client.GetStream();
            var buffer = new byte[4096];
            var asked = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Stopping));
            if (!asked.Contains("Proxy-Authorization: Basic", StringComparison.Ordinal))
            {
                await stream.WriteAsync("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Stopping);
                client.Dispose();
                continue;
            }
            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, port, Stopping);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), Stopping);
            _ = stream.CopyToAsync(server.GetStream(), Stopping);
            _ = server.GetStream().CopyToAsync(stream, Stopping);
            return asked;
        }
    }
}
