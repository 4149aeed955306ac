namespace Interlook.Fixtures;

/// <summary>The checked-out source, for tests of what is written.</summary>
public static class Repository
{
    /// <summary>Its folder: the one that holds Interlook.slnx.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file in it.</summary>
    public static string File(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    /// <summary>Files below a folder of it, by path from the root with slashes, in order; nothing that a build made.</summary>
    /// <param name="folder">The folder, <c>src</c>; empty for everything.</param>
    /// <param name="pattern">What the files are called, <c>*.cs</c>.</param>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or ".git"))
            .Order(StringComparer.Ordinal),
    ];

    private static string Find(string folder) =>
        System.IO.File.Exists(Path.Combine(folder, "Interlook.slnx"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run from within the repository"));
}
