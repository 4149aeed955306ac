using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>One existing name: with records, or empty with names below it (RFC 4592 section 2.2.2). Immutable.</summary>
/// <param name="Name">The name.</param>
/// <param name="Zone">The zone it lies in.</param>
internal sealed record NameNode(DnsName Name, Zone Zone)
{
    /// <summary>The records of services at this name; a zone's own SOA and NS are the zone's.</summary>
    internal RecordSet[] Sets { get; init; } = [];

    /// <summary>How many names exist directly below.</summary>
    internal int Children { get; init; }

    /// <summary>The wildcard directly below, for names that do not exist.</summary>
    internal NameNode? Wildcard { get; init; }

    /// <summary>True for the name of the zone itself.</summary>
    internal bool IsApex { get; } = Name.Equals(Zone.Name);

    /// <summary>True when it has records, the zone's own included.</summary>
    internal bool HasRecords => Sets.Length > 0 || IsApex;

    /// <summary>Finds the records of a type.</summary>
    internal RecordSet? Find(RecordType type)
    {
        foreach (var set in Sets)
        {
            if (set.Type == type)
                return set;
        }
        return null;
    }
}
