using Tags = System.ReadOnlySpan<System.Collections.Generic.KeyValuePair<string, object?>>;

namespace Interlook.Api.Exposition;

/// <summary>Finds a series by a measurement's tags as they lie on the stack: no label set is made for one that is known.</summary>
internal sealed class LabelComparer : IEqualityComparer<LabelSet>, IAlternateEqualityComparer<Tags, LabelSet>
{
    private LabelComparer()
    {
    }

    public static LabelComparer Instance { get; } = new();

    public bool Equals(LabelSet? x, LabelSet? y) => x?.Text == y?.Text;

    public bool Equals(Tags alternate, LabelSet other) => other.Says(alternate);

    public int GetHashCode(LabelSet obj) => obj.TagHash;

    public int GetHashCode(Tags alternate) => LabelSet.HashOf(alternate);

    public LabelSet Create(Tags alternate) => new(alternate);
}
