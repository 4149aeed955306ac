using Interlook.Fixtures.ExternalIp;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>What is asked of every test of the laboratory at its end.</summary>
internal static class Verdict
{
    private const int Lines = 12;

    /// <summary>Since the laboratory was built, two have never answered one question. Of a test that failed it tells what the programs wrote last.</summary>
    internal static void Of(VipLaboratory laboratory)
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var machine in laboratory.Nodes.Concat(laboratory.Schedulers))
                TestContext.Current.TestOutputHelper?.WriteLine($"{machine.Name}:\n{string.Join('\n', machine.Output.Split('\n').TakeLast(Lines))}");
        }
        Assert.Empty(laboratory.Watched.SelectMany(each => each.Seconds));
    }
}
