using System.Runtime.InteropServices;
using System.Text;

namespace Interlook.Extensions.HAProxy;

/// <summary>The file that Interlook owns, on disk: whole or not at all, the last good content beside it.</summary>
/// <param name="path">Where it is.</param>
/// <param name="patience">How long another Interlook may hold its lock.</param>
/// <param name="time">The clock of that.</param>
/// <param name="isReadOnly">True refuses every write.</param>
internal sealed class ConfigFile(string path, TimeSpan patience, TimeProvider time, bool isReadOnly = false)
{
    /// <summary>Ends the name of the file that holds the last content HAProxy is known to have loaded.</summary>
    public const string PreviousSuffix = ".previous";

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Where a candidate stands while HAProxy validates it: in the same folder, because paths in it may be relative.</summary>
    public string CandidatePath => path + ".candidate";

    private string PreviousPath => path + PreviousSuffix;

    /// <summary>Keeps other instances that share the file from writing between our read and our write.</summary>
    /// <exception cref="ExtensionException">The lock is held for too long, or the folder cannot be written.</exception>
    public async Task<IDisposable> LockAsync(CancellationToken stopping)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (UnauthorizedAccessException failure)
            {
                throw Failed("cannot be locked", failure);
            }
            catch (DirectoryNotFoundException failure)
            {
                throw Failed("cannot be locked", failure);
            }
            catch (IOException failure) when (time.GetElapsedTime(start) > patience)
            {
                throw Failed($"is still locked by another Interlook after {patience.TotalSeconds:0.#} s", failure);
            }
            catch (IOException)
            {
                await Task.Delay(LockPause, time, stopping);
            }
        }
    }

    /// <summary>The content; empty when there is no file.</summary>
    public string Read() => ReadIfThere(path) ?? "";

    /// <summary>The last content HAProxy is known to have loaded; null when none was kept.</summary>
    public string? ReadPrevious() => ReadIfThere(PreviousPath);

    /// <summary>Puts a content where HAProxy can validate it.</summary>
    public void WriteCandidate(string text) => Write(CandidatePath, text, durable: false);

    /// <summary>Removes what <see cref="WriteCandidate"/> wrote.</summary>
    public void DeleteCandidate() => File.Delete(CandidatePath);

    /// <summary>Replaces the file; survives a crash of the machine.</summary>
    public void Replace(string text) => Write(path, text, durable: true);

    /// <summary>Keeps a content that HAProxy has loaded, to return to.</summary>
    public void KeepAsPrevious(string text) => Write(PreviousPath, text, durable: true);

    private string? ReadIfThere(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.UTF8);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed("cannot be read", failure);
        }
    }

    private void Write(string file, string text, bool durable)
    {
        if (isReadOnly)
            throw new InvalidOperationException($"{file} would be written, and Interlook only looks");
        var temporary = file + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: durable);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(file))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(file));
            File.Move(temporary, file, overwrite: true);
            if (durable)
                FlushFolder();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed("cannot be written", failure);
        }
    }

    /// <summary>A new name is durable once its folder is flushed; the runtime opens no folders, so this asks the system.</summary>
    private void FlushFolder()
    {
        var descriptor = Native.Open(System.IO.Path.GetDirectoryName(path)!, 0);
        if (descriptor < 0)
            throw new IOException($"its folder cannot be opened (error {Marshal.GetLastPInvokeError()})");
        var result = Native.Fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Native.Close(descriptor);
        if (result != 0)
            throw new IOException($"its folder cannot be flushed (error {error})");
    }

    private ExtensionException Failed(string what, Exception failure) => new(
        failure is UnauthorizedAccessException ? Reason.Unauthorized : Reason.Unavailable,
        $"HAProxy's file {path} {what}: {(Directory.Exists(path) ? "it is a folder" : failure.Message.TrimEnd('.'))}; Interlook must be able to read and write this file and its folder",
        innerException: failure);

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        internal static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        internal static extern int Fsync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        internal static extern int Close(int descriptor);
    }
}
