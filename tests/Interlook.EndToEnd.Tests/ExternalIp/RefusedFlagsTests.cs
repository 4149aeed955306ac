using Interlook.EndToEnd.Tests.BadInput;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>What a claims mode that could not be safe says instead of starting.</summary>
public sealed class RefusedFlagsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("scheduler")]
    [InlineData("claimcontroller")]
    public async Task Impossible_times_are_refused_with_the_flag_to_change(string command)
    {
        var (code, _, error) = await Executable.RunAsync(folder.Path, command, "--iface", "lo", "--hb", "2s", "--monitor", "1s");

        Assert.Equal(1, code);
        Assert.Contains("write --monitor", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_of_an_etcd_that_is_not_named_are_refused()
    {
        var (code, _, error) = await Executable.RunAsync(folder.Path, "scheduler", "--etcd-prefix", "vips");

        Assert.Equal(2, code);
        Assert.Contains("--etcd must name at least one address of etcd", error, StringComparison.Ordinal);
    }
}
