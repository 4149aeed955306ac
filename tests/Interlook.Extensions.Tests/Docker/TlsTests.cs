using Interlook.Extensions.Docker;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>TLS with the three files of a client bundle.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TestCertificates ours;
    private readonly TestCertificates theirs;

    public TlsTests()
    {
        ours = new TestCertificates(folder.Path, "ours");
        theirs = new TestCertificates(folder.Path, "theirs");
    }

    public void Dispose()
    {
        ours.Dispose();
        theirs.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_three_files_open_an_encrypted_endpoint()
    {
        await using var docker = await FakeDocker.StartAsync(ours.Server, ours.Authority);

        await StartAsync(docker, ("tlsCa", ours.CaFile), ("tlsCert", ours.CertFile), ("tlsKey", ours.KeyFile));

        Assert.True(docker.Count("/containers/json") > 0);
    }

    [Fact]
    public async Task A_daemon_of_another_authority_is_refused()
    {
        await using var docker = await FakeDocker.StartAsync(theirs.Server);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => StartAsync(docker, ("tlsCa", ours.CaFile)));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Contains("TLS", failure.Message, StringComparison.Ordinal);
        Assert.Empty(docker.Requests);
    }

    [Fact]
    public async Task A_daemon_of_another_authority_is_accepted_when_the_operator_says_so()
    {
        await using var docker = await FakeDocker.StartAsync(theirs.Server);

        await StartAsync(docker, ("tlsSkipVerify", "true"));

        Assert.True(docker.Count("/containers/json") > 0);
    }

    [Fact]
    public async Task A_daemon_that_wants_another_client_certificate_refuses_us()
    {
        await using var docker = await FakeDocker.StartAsync(ours.Server, theirs.Authority);

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => StartAsync(docker, ("tlsCa", ours.CaFile), ("tlsCert", ours.CertFile), ("tlsKey", ours.KeyFile)));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Empty(docker.Requests);
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_is_named_in_the_error()
    {
        await using var docker = await FakeDocker.StartAsync(ours.Server);
        var broken = folder.File("broken.pem");
        await File.WriteAllTextAsync(broken, "not a certificate", TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => StartAsync(docker, ("tlsCa", broken)));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains($"tlsCa '{broken}'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://docker.example.net:2376", 3)]
    [InlineData("https://docker.example.net", 3)]
    [InlineData("unix:///var/run/docker.sock", 0)]
    public void Files_that_do_not_exist_are_an_error_only_with_a_network_endpoint(string endpoint, int problems)
    {
        var options = DockerContext.Options(
            DockerOptions.Schema, ("endpoint", endpoint), ("tlsCa", "path/to/ca"), ("tlsCert", "path/to/cert"), ("tlsKey", "path/to/key"));

        Assert.Equal(problems, DockerOptions.Schema.Check(options).Count());
    }

    private static async Task StartAsync(FakeDocker docker, params (string Key, string Text)[] settings)
    {
        var options = DockerContext.Options(DockerOptions.Schema, [("endpoint", docker.Endpoint), .. settings]);
        var provider = new DockerProvider(options, DockerContext.For(DockerExtensions.Docker));
        try
        {
            await provider.StartAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            await provider.StopAsync(CancellationToken.None);
        }
    }
}
