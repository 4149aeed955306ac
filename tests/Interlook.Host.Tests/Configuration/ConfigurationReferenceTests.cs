using Interlook.Host.Configuration;
using Xunit;

namespace Interlook.Host.Tests.Configuration;

public sealed class ConfigurationReferenceTests
{
    [Fact]
    public void The_configuration_reference_is_what_the_schemas_say()
    {
        var page = File.ReadAllText(Repository.File("docs", "configuration.md"));

        var generated = ConfigurationReference.Write(BuiltInExtensions.Catalog);

        Assert.True(page == generated, "docs/configuration.md is stale: run 'make docs' and commit it");
    }

    [Fact]
    public void Every_setting_of_an_extension_is_explained()
    {
        var silent = BuiltInExtensions.Catalog.All
            .SelectMany(extension => extension.Schema.Settings, (extension, setting) => (extension.Name, setting))
            .Where(each => each.setting.Help.Length < 10)
            .Select(each => $"{each.Name}.{each.setting.Name}");

        Assert.Empty(silent);
    }

    [Fact]
    public void A_bar_in_a_help_text_does_not_end_the_cell()
    {
        var page = ConfigurationReference.Write(SampleExtensions.Catalog);

        Assert.Contains("| `labels` | list |  |  | Labels \\| marks. |\n", page, StringComparison.Ordinal);
        Assert.Contains("As a step also called `provisioner.address`.\n", page, StringComparison.Ordinal);
    }
}
