using System.Runtime.CompilerServices;
using Interlook.Simulators;
using Xunit;

namespace Interlook.Extensions.Tests;

/// <summary>
/// The folder <c>Golden</c> beside a test: for each operation what was said, to be laid beside a capture from a real appliance. With
/// INTERLOOK_ACCEPT=FOLDER what is said now is written there, to be read before it is kept.
/// </summary>
internal static class GoldenExchanges
{
    /// <summary>Takes what was said since the last time, and compares it.</summary>
    /// <param name="exchanges">What was said.</param>
    /// <param name="operation">The file's name, without its ending; may begin with a folder.</param>
    /// <param name="test">Where the test is.</param>
    internal static void Compare(RecordedExchanges exchanges, string operation, [CallerFilePath] string test = "")
    {
        var said = exchanges.Take();
        if (Environment.GetEnvironmentVariable("INTERLOOK_ACCEPT") is { Length: > 0 } accepted)
        {
            var file = Path.Combine(accepted, $"{operation}.http");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, said);
            return;
        }
        Assert.Equal(File.ReadAllText(Path.Combine(Path.GetDirectoryName(test)!, "Golden", $"{operation}.http")), said);
    }
}
