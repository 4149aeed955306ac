namespace Interlook.Fixtures;

/// <summary>A folder of its own for one test, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>How the names of all of them begin.</summary>
    public const string Beginning = "interlook-test-";

    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory(Beginning).FullName;

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A server that is still going down may hold a file; the system clears its temporary folder.
        }
    }
}
