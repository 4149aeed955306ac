using System.Runtime.InteropServices;
using Interlook.Storage;
using Microsoft.Win32.SafeHandles;

namespace Interlook.Extensions.FileStore;

/// <summary>The disk of this machine.</summary>
public sealed class LocalDisk : IDisk
{
    // EWOULDBLOCK, the answer of flock(2) when another has the lock.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        MakeFolder(path);
        try
        {
            // An exclusive flock(2): the kernel drops it with the process, however that ends. The file stays, for deleting it would race.
            return File.OpenHandle(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken.HResult is WouldBlock or WouldBlockOnMac)
        {
            throw new IOException("another Interlook uses it, or two settings name the same file", taken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException(Because(refused, path + ".lock"), refused);
        }
    }

    /// <inheritdoc/>
    public byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(Because(refused, path), refused);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Find(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            return
            [
                .. Directory.EnumerateFiles(Folder(path)).Select(found => Path.GetFileName(found))
                    .Where(found => found.StartsWith(name, StringComparison.Ordinal))
                    .Select(found => path + found[name.Length..]), // as it was written, also with two slashes
            ];
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException($"the folder {Folder(path)} may not be listed by this user: give it the right, or name another file", refused);
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path)
    {
        try
        {
            return new LocalFile(File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read));
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(Because(refused, path), refused);
        }
    }

    /// <inheritdoc/>
    public void Replace(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true); // rename(2), atomic on one file system
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(BecauseOfFolder(refused, to, "written"), refused);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(BecauseOfFolder(refused, path, "deleted"), refused);
        }
    }

    /// <inheritdoc/>
    public void FlushNames(string path)
    {
        // The runtime opens no folders, and fsync(2) asks for a descriptor of the folder itself to make its names durable.
        var folder = Native.Open(Folder(path), 0);
        if (folder < 0)
            throw new IOException($"cannot open the folder {Folder(path)} to flush it: {Marshal.GetLastPInvokeErrorMessage()}");
        var flushed = Native.Fsync(folder);
        var problem = flushed < 0 ? Marshal.GetLastPInvokeErrorMessage() : null;
        _ = Native.Close(folder);
        if (problem is not null)
            throw new IOException($"cannot flush the folder {Folder(path)}: {problem}");
    }

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    private sealed class LocalFile(SafeFileHandle handle) : IDiskFile
    {
        private long length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, length);
            length += bytes.Length;
        }

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(Folder(path));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"its folder {Folder(path)} cannot be made ({refused.Message.TrimEnd('.')}); name another file", refused);
        }
    }

    private static string Because(Exception refused, string path) => refused switch
    {
        UnauthorizedAccessException when Directory.Exists(path) => $"{path} is a folder: move it away, or name another file",
        UnauthorizedAccessException => $"{path} may not be opened by this user: give it the right, or name another file",
        _ => refused.Message.TrimEnd('.'),
    };

    // A name is the folder's: whose right is missing there is not the file's.
    private static string BecauseOfFolder(Exception refused, string path, string change) =>
        Directory.Exists(path)
            ? Because(refused, path)
            : $"{path} may not be {change} by this user: give it the right to change the folder {Folder(path)}";

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
