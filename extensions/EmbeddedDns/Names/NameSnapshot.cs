namespace Interlook.Extensions.EmbeddedDns.Names;

/// <summary>Everything that queries are answered from, at one moment. Immutable; swapped whole.</summary>
/// <param name="Tree">The names.</param>
/// <param name="Serial">The version, in every SOA (RFC 1982).</param>
internal sealed record NameSnapshot(NameTree Tree, uint Serial);
