using System.Text;
using Interlook.Storage;

namespace Interlook.Specification;

/// <summary>
/// A disk in memory that forgets what it may forget. A crash keeps, of what was not flushed, a prefix of each file's bytes and a prefix of
/// the changes of names, both by chance; everything that was flushed stays. One seed gives one behaviour. Safe for concurrent use.
/// </summary>
/// <param name="random">Decides what a crash keeps.</param>
public sealed class SimulatedDisk(Random random) : IDisk
{
    private readonly Lock gate = new();
    private readonly HashSet<string> locks = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, Content>>> unflushedNames = [];
    private Dictionary<string, Content> names = new(StringComparer.Ordinal);
    private Dictionary<string, Content> durableNames = new(StringComparer.Ordinal);
    private int life;

    /// <summary>How many operations were asked for, reads left out.</summary>
    public long Operations { get; private set; }

    /// <summary>The operation, counted as <see cref="Operations"/> does, in the middle of which the machine goes down; null for never.</summary>
    public long? CrashAt { get; set; }

    /// <summary>Asked before each operation with its name (<c>append</c>, <c>flush</c>, <c>create</c>, <c>replace</c>, <c>delete</c>, <c>names</c>) and path; true makes it fail.</summary>
    public Func<string, string, bool>? Fails { get; set; }

    /// <summary>True while the machine is down: everything fails until <see cref="Restart"/>.</summary>
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

    /// <summary>Puts a file there, durably.</summary>
    public void Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Puts a file there, durably.</summary>
    public void Put(string path, byte[] bytes)
    {
        lock (gate)
        {
            var content = new Content();
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

    /// <summary>Brings the machine up again, with what the crash left. Open files of before stay dead.</summary>
    public void Restart()
    {
        lock (gate)
        {
            if (!IsDown)
                GoDown();
            IsDown = false;
            CrashAt = null;
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        lock (gate)
        {
            if (IsDown)
                throw Down();
            if (!locks.Add(path))
                throw new IOException($"{path} is locked.");
            return new Claim(this, path, life);
        }
    }

    /// <inheritdoc/>
    public byte[]? Read(string path)
    {
        lock (gate)
        {
            if (IsDown)
                throw Down();
            return names.TryGetValue(path, out var content) ? [.. content.Bytes] : null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Find(string path)
    {
        lock (gate)
        {
            if (IsDown)
                throw Down();
            return [.. names.Keys.Where(name => name.StartsWith(path, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path)
    {
        var content = new Content();
        Operate("create", path, () => Rename(table => table[path] = content));
        return new OpenFile(this, path, content, life);
    }

    /// <inheritdoc/>
    public void Replace(string from, string to) => Operate("replace", to, () => Rename(table =>
    {
        if (table.Remove(from, out var content))
            table[to] = content;
    }));

    /// <inheritdoc/>
    public void Delete(string path) => Operate("delete", path, () => Rename(table => table.Remove(path)));

    /// <inheritdoc/>
    public void FlushNames(string path) => Operate("names", path, () =>
    {
        durableNames = new Dictionary<string, Content>(names, StringComparer.Ordinal);
        unflushedNames.Clear();
    });

    private static IOException Down() => new("the simulated machine is down");

    private void Rename(Action<Dictionary<string, Content>> change)
    {
        change(names);
        unflushedNames.Add(change);
    }

    private void Operate(string name, string path, Action operation)
    {
        lock (gate)
        {
            if (IsDown)
                throw Down();
            if (++Operations == CrashAt)
            {
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
        names = new Dictionary<string, Content>(durableNames, StringComparer.Ordinal);
    }

    private sealed class Content
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

    private sealed class OpenFile(SimulatedDisk disk, string path, Content content, int life) : IDiskFile
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
                catch (IOException) when (!disk.IsDown && content.Bytes.Count == before)
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

        private void Run(string name, Action operation)
        {
            if (life != disk.life)
                throw Down();
            disk.Operate(name, path, operation);
        }
    }

    private int Chance(int below) => random.Next(below);

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
