using Interlook.Configuration;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Access;

/// <summary>The settings of a connection, and what does not go together.</summary>
public sealed class ConnectionSettingsTests
{
    private static readonly SettingsSchema<Options> Schema = KubernetesConnectionOptions.Describe(SettingsSchema.For<Options>());

    [Theory]
    [InlineData("kubeconfig", "stands beside endpoint", "endpoint=https://192.0.2.1", "kubeconfig=/dev/null")]
    [InlineData("context", "chooses within a kubeconfig", "endpoint=https://192.0.2.1", "context=here")]
    [InlineData("token", "belongs to endpoint", "token=abc")]
    [InlineData("tokenFile", "belongs to endpoint", "tokenFile=/dev/null")]
    [InlineData("tlsCa", "belongs to endpoint", "tlsCa=/dev/null")]
    [InlineData("tlsSkipVerify", "belongs to endpoint", "tlsSkipVerify=true")]
    [InlineData("tokenFile", "stands beside token", "endpoint=https://192.0.2.1", "token=abc", "tokenFile=/dev/null")]
    [InlineData("endpoint", "must be https: the token", "endpoint=http://192.0.2.1", "token=abc")]
    [InlineData("endpoint", "must be https for the TLS settings", "endpoint=http://192.0.2.1", "tlsCa=/dev/null")]
    [InlineData("tokenFile", "names a file that does not exist", "endpoint=https://192.0.2.1", "tokenFile=/none")]
    [InlineData("kubeconfig", "names no file that exists", "kubeconfig=/none:/nowhere")]
    public void Settings_that_do_not_go_together_are_named(string setting, string problem, params string[] settings)
    {
        var options = Read(settings);

        var found = Assert.Single(Schema.Check(options));

        Assert.Equal(setting, found.Setting);
        Assert.StartsWith(problem, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("context=here")]
    [InlineData("endpoint=https://192.0.2.1", "token=abc", "tlsCa=/dev/null")]
    [InlineData("endpoint=http://127.0.0.1:8001")]
    [InlineData("kubeconfig=/none:/dev/null", "context=here", "namespaces=one", "namespaces=two")]
    public void Settings_that_go_together_are_taken(params string[] settings) => Assert.Empty(Schema.Check(Read(settings)));

    [Theory]
    [InlineData("namespaces=Default")]
    [InlineData("namespaces=*")]
    [InlineData("endpoint=https://user:geheim@192.0.2.1")]
    [InlineData("endpoint=192.0.2.1:6443")]
    public void What_cannot_be_read_is_refused_without_showing_a_secret(string setting)
    {
        var failure = Assert.Throws<FormatException>(() => Read([setting]));

        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_file_of_the_settings_is_read_as_it_changes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("token"), "first\n");
        var access = AccessSearch.Find(
            Read(["endpoint=https://192.0.2.1", $"tokenFile={folder.File("token")}"]), new Surroundings { Variable = _ => null }, TimeProvider.System);

        var first = await access.Credential.ReadAsync(TestContext.Current.CancellationToken);
        File.WriteAllText(folder.File("token"), "second\n");
        access.Credential.Refuse(first);
        var second = await access.Credential.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("Bearer first", "Bearer second"), (first.Authorization, second.Authorization));
    }

    private static Options Read(string[] settings)
    {
        var options = new Options();
        foreach (var group in settings.Select(setting => setting.Split('=', 2)).GroupBy(pair => pair[0], pair => pair[1]))
        {
            if (Schema.Find(group.Key)!.Assign(options, [.. group]) is { } problem)
                throw new FormatException(problem);
        }
        return options;
    }

    private sealed class Options : KubernetesConnectionOptions;
}
