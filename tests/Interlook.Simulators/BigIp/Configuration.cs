using System.Collections.Immutable;

namespace Interlook.Simulators.BigIp;

/// <summary>Everything configured, by full path (<c>/P/name</c>, a draft <c>/P/Drafts/name</c>). Immutable, so that a transaction is one exchange of it.</summary>
internal sealed record Configuration
{
    private static readonly ImmutableSortedDictionary<string, Stored> None = ImmutableSortedDictionary.Create<string, Stored>(StringComparer.Ordinal);

    /// <summary>The partitions, each with its default route domain.</summary>
    internal ImmutableSortedDictionary<string, int> Partitions { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add("Common", 0);

    internal ImmutableSortedDictionary<string, Stored> Nodes { get; init; } = None;

    internal ImmutableSortedDictionary<string, Stored> Pools { get; init; } = None;

    internal ImmutableSortedDictionary<string, Stored> Virtuals { get; init; } = None;

    internal ImmutableSortedDictionary<string, Stored> Policies { get; init; } = None;

    internal ImmutableSortedDictionary<string, Stored> Monitors { get; init; } = None;

    /// <summary>Profiles that a virtual server may name.</summary>
    internal ImmutableSortedSet<string> Profiles { get; init; } =
        ["/Common/clientssl", "/Common/fastL4", "/Common/http", "/Common/tcp", "/Common/tcp-lan-optimized"];

    /// <summary>How many changes there were.</summary>
    internal long Generation { get; init; } = 1;

    /// <summary>The full path of an object that another one names.</summary>
    /// <param name="name">As it was written: with or without a folder.</param>
    /// <param name="partition">Where the object is that names it.</param>
    /// <param name="exists">Whether there is one; what is not in the partition may be in Common.</param>
    internal static string Resolve(string name, string partition, Func<string, bool> exists) =>
        name.StartsWith('/') ? name : exists($"/{partition}/{name}") ? $"/{partition}/{name}" : $"/Common/{name}";
}
