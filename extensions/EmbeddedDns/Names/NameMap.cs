using System.Numerics;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>
/// Names by their bytes: a hash trie of 32 ways, immutable. A change copies the few branches on its way and shares all others, so it costs the
/// same among ten names and a million. Looking up allocates nothing. Safe to share between threads.
/// </summary>
internal sealed class NameMap
{
    private const int Step = 5;
    private const int Depth = 60;

    private readonly Branch root;

    private NameMap(Branch root, int count)
    {
        this.root = root;
        Count = count;
    }

    /// <summary>No names.</summary>
    internal static NameMap Empty { get; } = new(new(0, []), 0);

    /// <summary>How many names there are.</summary>
    internal int Count { get; }

    /// <summary>Finds a name.</summary>
    /// <param name="wire">Its bytes in lower case.</param>
    /// <param name="hash">Their <see cref="NameHash"/>.</param>
    internal NameNode? Find(ReadOnlySpan<byte> wire, ulong hash)
    {
        var branch = root;
        for (var shift = 0; ; shift += Step)
        {
            var bit = Bit(hash, shift);
            if ((branch.Bits & bit) == 0)
                return null;
            var slot = branch.Slots[branch.Index(bit)];
            if (slot is NameNode node)
                return node.Name.Hash == hash && node.Name.Wire.SequenceEqual(wire) ? node : null;
            if (slot is not Branch next)
                return Find((NameNode[])slot, wire);
            branch = next;
        }
    }

    /// <summary>Finds a name.</summary>
    internal NameNode? Find(DnsName name) => Find(name.Wire, name.Hash);

    /// <summary>Adds or replaces a name.</summary>
    internal NameMap With(NameNode node)
    {
        var added = Find(node.Name) is null ? 1 : 0;
        return new((Branch)With(root, node, 0), Count + added);
    }

    /// <summary>Takes a name out.</summary>
    internal NameMap Without(DnsName name) =>
        Find(name) is null ? this : new(Without(root, name, 0) as Branch ?? Empty.root, Count - 1);

    /// <summary>All names, in no order.</summary>
    internal IEnumerable<NameNode> All => Under(root);

    private static uint Bit(ulong hash, int shift) => 1u << (int)((hash >> shift) & 31);

    private static NameNode? Find(NameNode[] collided, ReadOnlySpan<byte> wire)
    {
        foreach (var node in collided)
        {
            if (node.Name.Wire.SequenceEqual(wire))
                return node;
        }
        return null;
    }

    private static object With(object slot, NameNode node, int shift)
    {
        switch (slot)
        {
            case NameNode other when other.Name.Equals(node.Name):
                return node;
            case NameNode other when shift > Depth:
                return new[] { other, node };
            case NameNode other:
                return With(new Branch(Bit(other.Name.Hash, shift), [other]), node, shift);
            case NameNode[] collided:
                return collided.Where(other => !other.Name.Equals(node.Name)).Append(node).ToArray();
        }
        var branch = (Branch)slot;
        var bit = Bit(node.Name.Hash, shift);
        var index = branch.Index(bit);
        if ((branch.Bits & bit) == 0)
            return new Branch(branch.Bits | bit, [.. branch.Slots.AsSpan(0, index), node, .. branch.Slots.AsSpan(index)]);
        object[] slots = [.. branch.Slots];
        slots[index] = With(slots[index], node, shift + Step);
        return new Branch(branch.Bits, slots);
    }

    /// <summary>Without a name that is there; null when nothing is left.</summary>
    private static object? Without(object slot, DnsName name, int shift)
    {
        if (slot is NameNode)
            return null;
        if (slot is NameNode[] collided)
        {
            NameNode[] rest = [.. collided.Where(node => !node.Name.Equals(name))];
            return rest.Length == 1 ? rest[0] : rest;
        }
        var branch = (Branch)slot;
        var bit = Bit(name.Hash, shift);
        var index = branch.Index(bit);
        var left = Without(branch.Slots[index], name, shift + Step);
        if (left is not null)
        {
            object[] slots = [.. branch.Slots];
            slots[index] = left;
            return slots.Length == 1 && left is NameNode && shift > 0 ? left : new Branch(branch.Bits, slots);
        }
        object[] others = [.. branch.Slots.AsSpan(0, index), .. branch.Slots.AsSpan(index + 1)];
        return others switch
        {
            [] => null,
            [NameNode last] when shift > 0 => last,
            _ => new Branch(branch.Bits & ~bit, others),
        };
    }

    private static IEnumerable<NameNode> Under(object slot) => slot switch
    {
        NameNode node => [node],
        NameNode[] collided => collided,
        _ => ((Branch)slot).Slots.SelectMany(Under),
    };

    /// <summary>The slots that are taken, in the order of their bits; each a name, a branch, or names whose hashes are one.</summary>
    private sealed class Branch(uint bits, object[] slots)
    {
        internal uint Bits => bits;

        internal object[] Slots => slots;

        internal int Index(uint bit) => BitOperations.PopCount(bits & (bit - 1));
    }
}
