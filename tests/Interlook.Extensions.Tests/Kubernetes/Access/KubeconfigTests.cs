using System.Text;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Fixtures;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Access;

/// <summary>What kubeconfig files mean.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_context_says_where_the_server_is_and_who_we_are()
    {
        var path = Write("config", Config("server: https://192.0.2.1:6443, tls-server-name: api.example.org, proxy-url: 'socks5://192.0.2.9:1080'", "token: abc"));

        var access = Choose(path);
        var identity = await access.Credential.ReadAsync(Stopping);

        Assert.Equal(new Uri("https://192.0.2.1:6443"), access.Endpoint);
        Assert.Equal("api.example.org", access.ServerName);
        Assert.Equal(new Uri("socks5://192.0.2.9:1080"), access.Proxy);
        Assert.Equal("Bearer abc", identity.Authorization);
        Assert.Equal("Kubernetes at https://192.0.2.1:6443", access.Server);
        Assert.Equal($"context 'here' of the kubeconfig {path}", access.Origin);
    }

    [Fact]
    public void A_file_of_json_is_read_as_well()
    {
        var path = Write("config", """
            {"current-context": "here", "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
             "clusters": [{"name": "c", "cluster": {"server": "https://192.0.2.1:6443"}}], "users": [{"name": "u", "user": {}}]}
            """);

        Assert.Equal(new Uri("https://192.0.2.1:6443"), Choose(path).Endpoint);
    }

    [Fact]
    public async Task Of_several_files_the_first_that_says_something_counts_and_paths_begin_at_their_own_file()
    {
        Directory.CreateDirectory(folder.File("one"));
        Directory.CreateDirectory(folder.File("two"));
        Write("one/token", "first");
        Write("two/token", "second");
        var one = Write("one/config", "users: [{name: u, user: {tokenFile: token}}]");
        var two = Write("two/config", Config("server: https://192.0.2.2", "tokenFile: token"));
        var missing = folder.File("missing");

        var access = Choose(string.Join(Path.PathSeparator, missing, one, two));

        Assert.Equal("Bearer first", (await access.Credential.ReadAsync(Stopping)).Authorization);
        Assert.Equal(new Uri("https://192.0.2.2"), access.Endpoint);
    }

    [Fact]
    public async Task A_token_that_looks_like_a_number_is_a_token()
    {
        var access = Choose(Write("config", Config("server: https://192.0.2.1", "token: 0123456")));
        var number = Choose(Write("number", Config("server: https://192.0.2.1", "token: 123456")));

        Assert.Equal("Bearer 0123456", (await access.Credential.ReadAsync(Stopping)).Authorization);
        Assert.Equal("Bearer 123456", (await number.Credential.ReadAsync(Stopping)).Authorization);
    }

    [Fact]
    public async Task A_user_with_a_password_signs_in_by_basic()
    {
        var access = Choose(Write("config", Config("server: https://192.0.2.1", "username: ada, password: 'p:w'")));

        var header = (await access.Credential.ReadAsync(Stopping)).Authorization!;

        Assert.Equal("ada:p:w", Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])));
    }

    [Fact]
    public void Acting_as_somebody_else_is_said_in_headers()
    {
        var access = Choose(Write("config", Config("server: https://192.0.2.1", "token: abc, as: bob, as-groups: [dev, ops], as-user-extra: {team: [x]}")));

        Assert.Equal(
            [("Impersonate-User", "bob"), ("Impersonate-Group", "dev"), ("Impersonate-Group", "ops"), ("Impersonate-Extra-team", "x")],
            access.Impersonation);
    }

    [Theory]
    [InlineData("{", "is not YAML: line 2, column")]
    [InlineData("clusters: 7", "is no kubeconfig: $.clusters holds something else")]
    [InlineData("clusters: []", "names no current context")]
    [InlineData("current-context: there\ncontexts: [{name: here, context: {}}]", "has no context 'there'; it has 'here'")]
    [InlineData("current-context: here\ncontexts: [{name: here, context: {cluster: c}}]", "has no cluster 'c'; it has none")]
    public void A_file_that_leads_nowhere_says_where_it_ends(string text, string expected)
    {
        var path = Write("config", text);

        var failure = Assert.Throws<ExtensionException>(() => Choose(path));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Equal($"the kubeconfig {path} {expected}", failure.Message[..Math.Min(failure.Message.Length, $"the kubeconfig {path} {expected}".Length)]);
    }

    [Theory]
    [InlineData("", "token: geheim", "gives cluster 'c' no server")]
    [InlineData("server: 'ftp://192.0.2.1'", "token: geheim", "gives cluster 'c' a server that is no http")]
    [InlineData("server: 'https://ada:geheim@192.0.2.1'", "token: a", "gives cluster 'c' a server with a user or password in it")]
    [InlineData("server: 'https://geheim@192.0.2.1'", "token: a", "gives cluster 'c' a server with a user or password in it")]
    [InlineData("server: 'http://192.0.2.1'", "token: geheim", "would send credentials to cluster 'c' in the clear")]
    [InlineData("server: 'https://192.0.2.1', proxy-url: 'ftp://u:geheim@p'", "token: a", "has a proxy-url that is no")]
    [InlineData("server: 'https://192.0.2.1', certificate-authority-data: '%%'", "token: geheim", "has a certificate-authority-data that is not base64")]
    [InlineData("server: 'https://192.0.2.1'", "client-key-data: Z2VoZWlt", "gives a client certificate without its key, or a key alone")]
    [InlineData("server: 'https://192.0.2.1'", "auth-provider: {name: gcp}", "signs in by the auth-provider 'gcp', which Kubernetes gave up")]
    [InlineData("server: 'https://192.0.2.1'", "token: geheim, as-groups: [dev]", "has as-uid, as-groups or as-user-extra without as")]
    public void A_context_that_cannot_be_used_says_why_and_shows_no_secret(string cluster, string user, string expected)
    {
        var path = Write("config", Config(cluster, user));

        var failure = Assert.Throws<ExtensionException>(() => Choose(path));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.StartsWith($"the kubeconfig {path} {expected}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute_and_at_once_when_it_was_refused()
    {
        var token = Write("token", "first");
        var access = Choose(Write("config", Config("server: https://192.0.2.1", $"tokenFile: {token}")));
        var first = await access.Credential.ReadAsync(Stopping);

        Write("token", "second");
        var soon = await access.Credential.ReadAsync(Stopping);
        time.Advance(RotatedFile.Trusted);
        var later = await access.Credential.ReadAsync(Stopping);
        Write("token", "third");
        var mayHelp = access.Credential.Refuse(later);
        var refused = await access.Credential.ReadAsync(Stopping);
        File.Delete(token);
        time.Advance(RotatedFile.Trusted);
        var gone = await access.Credential.ReadAsync(Stopping);

        Assert.Same(first, soon);
        Assert.Equal("Bearer second", later.Authorization);
        Assert.True(mayHelp);
        Assert.Equal("Bearer third", refused.Authorization);
        Assert.Equal("Bearer third", gone.Authorization); // until the server refuses it
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(folder.File(name), text);
        return folder.File(name);
    }

    private static string Config(string cluster, string user) => $$$$"""
        current-context: here
        contexts: [{name: here, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: { {{{{cluster}}}} }}]
        users: [{name: u, user: { {{{{user}}}} }}]
        """;

    private ClusterAccess Choose(string paths)
    {
        var surroundings = new Surroundings { Variable = _ => null, Home = folder.Path };
        return new KubeconfigAccess(Kubeconfig.Read(Kubeconfig.Paths(paths, surroundings)), surroundings, time).Choose("");
    }
}
