using System.Runtime.CompilerServices;
using Xunit;

namespace Interlook.Api.Tests;

/// <summary>A committed file that a test can write. Run the test with <c>INTERLOOK_WRITE_GOLDEN=1</c> after a wanted change.</summary>
internal static class Golden
{
    /// <summary>Compares with the file, or writes it.</summary>
    /// <param name="name">Its name under <c>docs/</c>.</param>
    /// <param name="actual">What the program says now.</param>
    public static void Matches(string name, string actual)
    {
        var path = Path.Combine(Root(), "docs", name);
        if (Environment.GetEnvironmentVariable("INTERLOOK_WRITE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(expected == actual, $"docs/{name} is stale: run this test with INTERLOOK_WRITE_GOLDEN=1 and look at the difference");
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Interlook.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("no Interlook.slnx above the tests");
    }
}
