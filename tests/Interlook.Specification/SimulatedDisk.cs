using System.Text;
using Interlook.Storage;

namespace Interlook.Specification;

/// <summary>
/// A disk in memory that forgets what it may forget. A crash keeps, of what was not flushed, a prefix of each file's bytes and a prefix of
/// the changes of names, both by chance; everything that was flushed stays. One seed gives one behaviour. Safe for concurrent use.
/// A process works on what <see cref="Mount"/> gave it; after a crash that is dead for ever, and the next process mounts again.
/// </summary>
/// <param name="random">Decides what a crash keeps.</param>
public sealed class SimulatedDisk(Random random)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> locks = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, FileBytes>>> unflushedNames = [];
    private Dictionary<string, FileBytes> names = new(StringComparer.Ordinal);
    private Dictionary<string, FileBytes> durableNames = new(StringComparer.Ordinal);
    private int life;

    /// <summary>How many operations were asked for, reads left out.</summary>
    public long Operations { get; private set; }

    /// <summary>The operation, counted as <see cref="Operations"/> does, in the middle of which the machine goes down; null for never.</summary>
    public long? CrashAt { get; set; }

    /// <summary>Asked before each operation with its name (<c>append</c>, <c>flush</c>, <c>create</c>, <c>replace</c>, <c>delete</c>, <c>names</c>) and path; true makes it fail.</summary>
    public Func<string, string, bool>? Fails { get; set; }

    /// <summary>True when the machine went down and nobody has mounted the disk since.</summary>
    public bool IsDown { get; private set; }

    /// <summary>The names of all files, sorted.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (gate)
                return [.. names.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>What a file holds, or null.</summary>
    public byte[]? Content(string path)
    {
        lock (gate)
            return names.TryGetValue(path, out var content) ? [.. content.Bytes] : null;
    }

    /// <summary>Puts a file there, durably.</summary>
    public void Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Puts a file there, durably.</summary>
    public void Put(string path, byte[] bytes)
    {
        lock (gate)
        {
            var content = new FileBytes();
            content.Bytes.AddRange(bytes);
            content.Durable = bytes.Length;
            names[path] = content;
            durableNames[path] = content;
        }
    }

    /// <summary>Takes the power away.</summary>
    public void Crash()
    {
        lock (gate)
            GoDown();
    }

    /// <summary>The disk for one process, after what the last crash left.</summary>
    public IDisk Mount()
    {
        lock (gate)
        {
            IsDown = false;
            return new Mounted(this, life);
        }
    }

    private static IOException Down() => new("the simulated machine is down");

    private void Rename(Action<Dictionary<string, FileBytes>> change)
    {
        change(names);
        unflushedNames.Add(change);
    }

    private void MustLive(int mounted)
    {
        if (mounted != life)
            throw Down();
    }

    private void Operate(int mounted, string name, string path, Action operation)
    {
        lock (gate)
        {
            MustLive(mounted);
            if (++Operations == CrashAt)
            {
                CrashAt = null;
                if (random.Next(2) == 0)
                    operation(); // it happened, and nobody learned of it
                GoDown();
                throw Down();
            }
            if (Fails?.Invoke(name, path) == true)
                throw new IOException($"simulated failure of {name} {path}");
            operation();
        }
    }

    private void GoDown()
    {
        IsDown = true;
        life++;
        locks.Clear();
        foreach (var change in unflushedNames.Take(random.Next(unflushedNames.Count + 1)))
            change(durableNames);
        unflushedNames.Clear();
        foreach (var (_, content) in durableNames.OrderBy(name => name.Key, StringComparer.Ordinal))
            content.Forget(random);
        names = new Dictionary<string, FileBytes>(durableNames, StringComparer.Ordinal);
    }

    private sealed class FileBytes
    {
        internal List<byte> Bytes { get; } = [];

        internal int Durable { get; set; }

        internal void Forget(Random random)
        {
            var kept = Durable + random.Next(Bytes.Count - Durable + 1);
            Bytes.RemoveRange(kept, Bytes.Count - kept);
            Durable = kept;
        }
    }

    private sealed class OpenFile(SimulatedDisk disk, string path, FileBytes content, int life) : IDiskFile
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            // A failing or interrupted write leaves a part of itself.
            lock (disk.gate)
            {
                var before = content.Bytes.Count;
                try
                {
                    Run("append", () => content.Bytes.AddRange(copy));
                }
                catch (IOException) when (life == disk.life && content.Bytes.Count == before)
                {
                    content.Bytes.AddRange(copy.AsSpan(0, disk.Chance(copy.Length + 1)));
                    throw;
                }
            }
        }

        public void Flush() => Run("flush", () => content.Durable = content.Bytes.Count);

        public void Dispose()
        {
        }

        private void Run(string name, Action operation) => disk.Operate(life, name, path, operation);
    }

    private int Chance(int below) => random.Next(below);

    private sealed class Mounted(SimulatedDisk disk, int life) : IDisk
    {
        public IDisposable Lock(string path)
        {
            lock (disk.gate)
            {
                disk.MustLive(life);
                if (!disk.locks.Add(path))
                    throw new IOException($"{path} is locked.");
                return new Claim(disk, path, life);
            }
        }

        public byte[]? Read(string path)
        {
            lock (disk.gate)
            {
                disk.MustLive(life);
                return disk.names.TryGetValue(path, out var content) ? [.. content.Bytes] : null;
            }
        }

        public IReadOnlyList<string> Find(string path)
        {
            lock (disk.gate)
            {
                disk.MustLive(life);
                return [.. disk.names.Keys.Where(name => name.StartsWith(path, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            }
        }

        public IDiskFile Create(string path)
        {
            var content = new FileBytes();
            disk.Operate(life, "create", path, () => disk.Rename(table => table[path] = content));
            return new OpenFile(disk, path, content, life);
        }

        public void Replace(string from, string to) => disk.Operate(life, "replace", to, () => disk.Rename(table =>
        {
            if (table.Remove(from, out var content))
                table[to] = content;
        }));

        public void Delete(string path) => disk.Operate(life, "delete", path, () => disk.Rename(table => table.Remove(path)));

        public void FlushNames(string path) => disk.Operate(life, "names", path, () =>
        {
            disk.durableNames = new Dictionary<string, FileBytes>(disk.names, StringComparer.Ordinal);
            disk.unflushedNames.Clear();
        });
    }

    private sealed class Claim(SimulatedDisk disk, string path, int life) : IDisposable
    {
        public void Dispose()
        {
            lock (disk.gate)
            {
                if (life == disk.life)
                    disk.locks.Remove(path);
            }
        }
    }
}
