namespace Interlook.Storage;

/// <summary>
/// The little that durable records need of a file system, so that crashes, torn writes and full disks can be simulated. What was appended
/// is durable only after <see cref="IDiskFile.Flush"/>; what was created, replaced or deleted only after <see cref="FlushNames"/>.
/// Safe for concurrent use. Every member fails with an <see cref="IOException"/> that says why.
/// </summary>
public interface IDisk
{
    /// <summary>Makes sure that nobody else uses the file of that path; makes its folder when there is none.</summary>
    /// <returns>Dispose to let go. The end of the process lets go as well.</returns>
    IDisposable Lock(string path);

    /// <summary>Reads a whole file.</summary>
    /// <returns>Its content, or null when there is no such file.</returns>
    byte[]? Read(string path);

    /// <summary>The paths of the files beside <paramref name="path"/> whose path begins with it, in no particular order.</summary>
    IReadOnlyList<string> Find(string path);

    /// <summary>Makes an empty file; one that was there is emptied.</summary>
    IDiskFile Create(string path);

    /// <summary>Gives a file another name, in place of the file that has it now. A crash leaves the old file or the new one.</summary>
    void Replace(string from, string to);

    /// <summary>Deletes a file; one that is not there is no failure.</summary>
    void Delete(string path);

    /// <summary>Makes durable which names there are in the folder of <paramref name="path"/>.</summary>
    void FlushNames(string path);
}
