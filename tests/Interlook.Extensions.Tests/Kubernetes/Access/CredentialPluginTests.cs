using Interlook.Extensions.Kubernetes.Access;
using Interlook.Fixtures;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Access;

/// <summary>Programs that say who we are.</summary>
public sealed class CredentialPluginTests : IDisposable
{
    private const string Version = "client.authentication.k8s.io/v1";

    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("client.authentication.k8s.io/v1")]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task Its_token_is_used_and_it_is_told_of_the_cluster_in_its_environment(string version)
    {
        var access = Choose($$$$"""
            printf '%s' "$KUBERNETES_EXEC_INFO" > {{{{folder.File("told")}}}}
            echo '{"apiVersion":"{{{{version}}}}","kind":"ExecCredential","status":{"token":"'"$PREFIX$1"'"}}'
            """, $"apiVersion: {version}, args: [abc], env: [{{name: PREFIX, value: my-}}], provideClusterInfo: true");

        var identity = await access.Credential.ReadAsync(Stopping);

        Assert.Equal("Bearer my-abc", identity.Authorization);
        Assert.Equal(
            $$$$$"""{"apiVersion":"{{{{{version}}}}}","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://192.0.2.1","config":{"audience":"x"}}}}""",
            File.ReadAllText(folder.File("told")));
    }

    [Fact]
    public async Task It_is_asked_once_by_many_and_again_before_the_credential_ends()
    {
        var end = time.GetUtcNow().AddMinutes(10).ToString("O");
        var access = Choose(Counting($$$$"""{"token":"t'$n'","expirationTimestamp":"{{{{end}}}}"}"""), $"apiVersion: {Version}");

        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => access.Credential.ReadAsync(Stopping).AsTask()));
        time.Advance(TimeSpan.FromMinutes(9));
        var before = await access.Credential.ReadAsync(Stopping);
        time.Advance(TimeSpan.FromSeconds(40));
        var renewed = await access.Credential.ReadAsync(Stopping);

        Assert.All(many, identity => Assert.Same(before, identity));
        Assert.Equal("Bearer t1", before.Authorization);
        Assert.Equal("Bearer t2", renewed.Authorization);
    }

    [Fact]
    public async Task It_is_asked_again_when_the_server_refuses_the_credential_but_not_for_an_older_one()
    {
        var access = Choose(Counting("""{"token":"t'$n'"}"""), $"apiVersion: {Version}");
        var first = await access.Credential.ReadAsync(Stopping);

        access.Credential.Refuse(first);
        var second = await access.Credential.ReadAsync(Stopping);
        access.Credential.Refuse(first);
        var still = await access.Credential.ReadAsync(Stopping);

        Assert.Equal("Bearer t2", second.Authorization);
        Assert.Same(second, still);
    }

    [Theory]
    [InlineData("echo sorry, no >&2; exit 3", Reason.Unauthorized, "it ended with 3: sorry, no")]
    [InlineData("echo geheim", Reason.Malformed, "what it printed is not JSON")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"other","status":{"token":"geheim"}}'""", Reason.Malformed, "is no ExecCredential of")]
    [InlineData("""echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'""", Reason.Malformed, "holds neither a token nor")]
    [InlineData(
        """echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"geheim"}}'""",
        Reason.Malformed, "a client certificate without its key")]
    public async Task One_that_fails_says_how_and_never_shows_what_it_printed(string script, Reason reason, string expected)
    {
        var access = Choose(script, $"apiVersion: {Version}");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => access.Credential.ReadAsync(Stopping).AsTask());

        Assert.Equal(reason, failure.Reason);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_end_is_ended()
    {
        var access = Choose($"echo $$ > {folder.File("pid")}; exec sleep 600", $"apiVersion: {Version}");

        var reading = access.Credential.ReadAsync(Stopping).AsTask();
        await Eventually.TrueAsync("it runs", () => File.Exists(folder.File("pid")) && File.ReadAllText(folder.File("pid")).EndsWith('\n'));
        time.Advance(ExecProgram.Patience);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => reading);

        Assert.Equal(Reason.Timeout, failure.Reason);
        var pid = File.ReadAllText(folder.File("pid")).Trim();
        await Eventually.TrueAsync("it has ended", () => !File.Exists($"/proc/{pid}/stat") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z"));
    }

    [Fact]
    public async Task One_that_is_not_installed_is_told_with_the_hint_of_the_kubeconfig()
    {
        var access = Choose("", $"apiVersion: {Version}, installHint: get it at example.org", "no-such-plugin");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => access.Credential.ReadAsync(Stopping).AsTask());

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("there is no such program; install it where Interlook runs: get it at example.org", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: client.authentication.k8s.io/v1alpha1", "is not known")]
    [InlineData("apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always", "needs a terminal")]
    public void One_that_cannot_be_used_here_is_refused_at_the_start(string exec, string expected)
    {
        var failure = Assert.Throws<ExtensionException>(() => Choose("", exec));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private string Counting(string status) => $$$$"""
        n=$(cat {{{{folder.File("runs")}}}} 2>/dev/null || echo 0); n=$((n + 1)); echo $n > {{{{folder.File("runs")}}}}
        echo '{"apiVersion":"{{{{Version}}}}","kind":"ExecCredential","status":{{{{status}}}}}'
        """;

    private ClusterAccess Choose(string script, string exec, string command = "./plugin")
    {
        var program = folder.File("plugin");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(folder.File("config"), $$$$"""
            current-context: here
            contexts: [{name: here, context: {cluster: c, user: u}}]
            clusters:
            - name: c
              cluster:
                server: https://192.0.2.1
                extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]
            users: [{name: u, user: {exec: {command: {{{{command}}}}, {{{{exec}}}} }}}]
            """);
        return new KubeconfigAccess(Kubeconfig.Read([folder.File("config")]), Surroundings.Process, time).Choose("");
    }
}
