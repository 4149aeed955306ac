using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>
/// Reads the files of a store that another process may be using, and changes nothing but its own copy of them in memory. What is copied is of
/// one moment: it is read again until nothing changed meanwhile. Safe for concurrent use.
/// </summary>
/// <param name="disk">Where the files are; only read.</param>
public sealed class CopiedDisk(IDisk disk) : IDisk
{
    private const int MostAttempts = 20;

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<byte>> files = new(StringComparer.Ordinal);

    /// <summary>Takes the copy of a store's files; whoever uses them goes on.</summary>
    public IDisposable Lock(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (TryCopy(path) is { } copy)
            {
                lock (gate)
                {
                    foreach (var (name, content) in copy)
                        files[name] = [.. content];
                }
                return new Nothing();
            }
            if (attempt == MostAttempts)
                throw new IOException("its files changed again and again while they were read: try again when less is going on");
        }
    }

    /// <inheritdoc/>
    public byte[]? Read(string path)
    {
        lock (gate)
            return files.TryGetValue(path, out var content) ? [.. content] : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Find(string path)
    {
        lock (gate)
            return [.. files.Keys.Where(name => name.StartsWith(path, StringComparison.Ordinal))];
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path)
    {
        lock (gate)
            files[path] = [];
        return new CopiedFile(this, path);
    }

    /// <inheritdoc/>
    public void Replace(string from, string to)
    {
        lock (gate)
        {
            if (!files.Remove(from, out var content))
                throw new FileNotFoundException($"there is no {from}");
            files[to] = content;
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (gate)
            files.Remove(path);
    }

    /// <inheritdoc/>
    public void FlushNames(string path)
    {
        // There is nothing to make durable.
    }

    // A journal only grows, and a document is replaced and its journals removed after: the same names and the same document before and after
    // mean that nothing was folded in between.
    private Dictionary<string, byte[]>? TryCopy(string path)
    {
        var document = disk.Read(path);
        var names = Names(path);
        var copy = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (disk.Read(name) is not { } content)
                return null;
            copy.Add(name, content);
        }
        return (disk.Read(path) ?? []).AsSpan().SequenceEqual(document) && Names(path).SequenceEqual(names) ? copy : null;
    }

    private List<string> Names(string path)
    {
        try
        {
            return [.. disk.Find(path).Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // nothing was ever written there
        }
    }

    private sealed class CopiedFile(CopiedDisk disk, string path) : IDiskFile
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (disk.gate)
            {
                if (disk.files.TryGetValue(path, out var content))
                    content.AddRange(bytes);
            }
        }

        public void Flush()
        {
            // Memory is as durable as it gets.
        }

        public void Dispose()
        {
            // The content stays.
        }
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
            // Nobody is kept out.
        }
    }
}
