using Interlook.Host.Configuration;
using Xunit;

namespace Interlook.Host.Tests.Configuration;

public sealed class SampleConfigurationTests
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.File("share", "conf"), "*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_configuration_is_good(string name)
    {
        var path = Repository.File("share", "conf", name);

        var result = ConfigurationReader.Read(path, BuiltInExtensions.Catalog, _ => "/nowhere");

        Assert.Empty(result.Problems);
    }

    [Fact]
    public void The_configuration_of_the_readme_is_good()
    {
        var readme = File.ReadAllText(Repository.File("README.md"));
        var start = readme.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var yaml = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];

        // The token's file is the reader's own.
        var result = ConfigurationReader.Read(
            "README.md",
            System.Text.Encoding.UTF8.GetBytes(yaml.Replace("tokenFile: /etc/interlook/consul.token", "token: x", StringComparison.Ordinal)),
            BuiltInExtensions.Catalog,
            _ => null);

        Assert.Empty(result.Problems);
    }

    [Theory]
    [InlineData("provisioner.ipalloc", "ipam.ipalloc")]
    [InlineData("provisioner.consul", "dns.consul")]
    [InlineData("PROVISIONER.HAProxy", "lb.haproxy")]
    public void The_step_names_of_the_earlier_documentation_are_known(string earlier, string today) =>
        Assert.Equal(today, new StepNames(BuiltInExtensions.Catalog).Canonical(earlier));
}
