using System.Text;

namespace Interlook.Extensions.HostsFile;

/// <summary>Reads and replaces the file: the wire of this extension. It decides nothing, and says what went wrong with a reason.</summary>
internal sealed class LocalHostsFile(string path, bool isReadOnly)
{
    // Foreign lines may hold bytes of any encoding; Latin-1 gives every byte back as it was.
    private static readonly Encoding Bytes = Encoding.Latin1;

    /// <summary>Where it is.</summary>
    internal string Path => path;

    /// <summary>Tries whether it can be read and written; changes nothing.</summary>
    internal void Check() => Try(() => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite).Dispose());

    /// <summary>Reads it. A file that is missing is unknown, and not empty.</summary>
    internal HostsDocument Read() => Try(() => HostsDocument.Parse(File.ReadAllText(path, Bytes)));

    /// <summary>Replaces it. After a crash it is the old file or the new one, never half of it.</summary>
    internal void Replace(HostsDocument document) => Try(() =>
    {
        if (isReadOnly)
            throw new InvalidOperationException($"{path} would be written, and Interlook only looks");
        var temporary = path + ".interlook";
        File.Copy(path, temporary, overwrite: true); // with its permissions
        using (var file = new FileStream(temporary, FileMode.Truncate, FileAccess.Write))
        {
            file.Write(Bytes.GetBytes(document.Write()));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    });

    private void Try(Action action) => Try(() =>
    {
        action();
        return true;
    });

    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new ExtensionException(Reason.Unauthorized, $"{path} may not be read and written: give Interlook's user the right to", null, fault);
        }
        catch (IOException fault)
        {
            throw new ExtensionException(
                Reason.Unreachable, $"{path} cannot be used ({fault.Message}): create it, empty if need be, and see that its folder is there", null, fault);
        }
    }
}
