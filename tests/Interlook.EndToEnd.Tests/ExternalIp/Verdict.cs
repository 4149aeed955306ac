using Interlook.Fixtures.ExternalIp;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>What is asked of every test of the laboratory at its end.</summary>
internal static class Verdict
{
    /// <summary>Since the laboratory was built, two have never answered one question.</summary>
    internal static void Of(VipLaboratory laboratory) => Assert.Empty(laboratory.Watched.SelectMany(each => each.Seconds));
}
