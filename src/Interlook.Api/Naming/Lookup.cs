using Interlook.Entries;

namespace Interlook.Api.Naming;

/// <summary>What looking an entry up gave. A closed set.</summary>
internal abstract record Lookup
{
    private Lookup()
    {
    }

    /// <summary>The entry.</summary>
    public sealed record Found(Entry Entry) : Lookup;

    /// <summary>None; perhaps this was meant.</summary>
    public sealed record None(string? Suggestion) : Lookup;

    /// <summary>Entries of several workflows, by the names they are shown under.</summary>
    public sealed record Several(string[] Candidates) : Lookup;
}
