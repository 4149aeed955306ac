namespace Interlook.Host.Tests;

/// <summary>The checked-out source, for tests of what is written beside the code.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    internal static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string Find(string folder) =>
        System.IO.File.Exists(Path.Combine(folder, "Interlook.slnx"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run from within the repository"));
}
