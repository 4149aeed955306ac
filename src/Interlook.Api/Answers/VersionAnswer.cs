using System.Runtime.InteropServices;

namespace Interlook.Api.Answers;

/// <summary>What runs.</summary>
/// <param name="Version">Interlook's version.</param>
/// <param name="Commit">The commit it was built from; absent when the build did not know.</param>
/// <param name="Runtime">The .NET runtime.</param>
internal sealed record VersionAnswer(string Version, string? Commit, string Runtime)
{
    /// <summary>Takes an informational version apart: <c>1.2.0+commit</c>.</summary>
    public static VersionAnswer Of(string informational)
    {
        var plus = informational.IndexOf('+', StringComparison.Ordinal);
        return plus < 0
            ? new VersionAnswer(informational, null, RuntimeInformation.FrameworkDescription)
            : new VersionAnswer(informational[..plus], informational[(plus + 1)..], RuntimeInformation.FrameworkDescription);
    }
}
