using Xunit;

namespace Interlook.Architecture.Tests;

/// <summary>What a check found.</summary>
internal static class Violations
{
    /// <summary>Fails with all of them, a line each.</summary>
    internal static void None(IEnumerable<string?> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, string.Join("\n", all));
    }
}
