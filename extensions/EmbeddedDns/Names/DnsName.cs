using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>
/// A domain name as it stands in a message: labels with their lengths and the empty label at the end (RFC 1035 section 3.1), letters in lower
/// case, so that equal names are equal bytes (RFC 4343). Immutable; its hash is computed once.
/// </summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>The longest name in a message (RFC 1035 section 2.3.4).</summary>
    internal const int MaxLength = 255;

    /// <summary>The longest label (RFC 1035 section 2.3.4).</summary>
    internal const int MaxLabel = 63;

    private readonly byte[] wire;

    private DnsName(byte[] wire)
    {
        this.wire = wire;
        Hash = NameHash.Of(wire);
    }

    /// <summary>The bytes, the final zero included.</summary>
    internal ReadOnlySpan<byte> Wire => wire;

    /// <summary>Its <see cref="NameHash"/>.</summary>
    internal ulong Hash { get; }

    /// <summary>True when the first label is an asterisk (RFC 4592 section 2.1.1).</summary>
    internal bool IsWildcard => wire is [1, (byte)'*', ..];

    /// <summary>The name without its first label; null for the root.</summary>
    internal DnsName? Parent => wire.Length == 1 ? null : new(wire[(wire[0] + 1)..]);

    /// <summary>Makes a name of canonical text, as <see cref="Services.HostName"/> gives it; underscores are let through too.</summary>
    /// <exception cref="FormatException">The text is no domain name.</exception>
    internal static DnsName Parse(string text) => Of(text.Split('.').Select(Encoding.ASCII.GetBytes));

    /// <summary>Makes a name of labels; letters become small.</summary>
    /// <exception cref="FormatException">A label is empty or too long, or the name is.</exception>
    internal static DnsName Of(IEnumerable<byte[]> labels)
    {
        var wire = new List<byte>();
        foreach (var label in labels)
        {
            if (label.Length is 0 or > MaxLabel)
                throw new FormatException("has an empty label, or one longer than 63 characters");
            wire.Add((byte)label.Length);
            wire.AddRange(label.Select(Lower));
        }
        wire.Add(0);
        return wire.Count <= MaxLength ? new([.. wire]) : throw new FormatException("is longer than the 255 bytes DNS allows");
    }

    /// <summary>Puts labels before this name, unless that makes it too long.</summary>
    internal bool TryPrepend(string labels, [NotNullWhen(true)] out DnsName? name)
    {
        var front = Parse(labels).wire.AsSpan()[..^1];
        name = front.Length + wire.Length <= MaxLength ? new([.. front, .. wire]) : null;
        return name is not null;
    }

    /// <summary>True for the zone's own name and every name below it.</summary>
    internal bool IsIn(DnsName zone)
    {
        var at = wire.Length - zone.wire.Length;
        if (at < 0 || !wire.AsSpan(at).SequenceEqual(zone.wire))
            return false;
        var label = 0;
        while (label < at)
            label += wire[label] + 1;
        return label == at;
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && Hash == other.Hash && wire.AsSpan().SequenceEqual(other.wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash;

    /// <summary>The name as people write it, without a final dot.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
            text.Append(at == 0 ? "" : ".").Append(Encoding.Latin1.GetString(wire, at + 1, wire[at]));
        return text.ToString();
    }

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;
}
