namespace Interlook.Host.HighHock;

/// <summary>
/// What a run writes, in one temporary folder that goes with it. HighHock kept nothing: records that nobody keeps alive end by themselves, and
/// those of containers that still run are taken over at the next start.
/// </summary>
internal sealed class HighHockFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("interlook-highhock-");

    /// <summary>The configuration.</summary>
    internal string Configuration => Path.Combine(folder.FullName, "interlook.yml");

    /// <summary>The entries.</summary>
    internal string Entries => Path.Combine(folder.FullName, "flowentries.db");

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has cleaned up before us.
        }
    }
}
