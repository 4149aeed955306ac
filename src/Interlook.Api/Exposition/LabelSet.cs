using System.Globalization;
using System.Text;

namespace Interlook.Api.Exposition;

/// <summary>The labels of one series, sorted by name and written as the text format wants them.</summary>
internal sealed class LabelSet
{
    private readonly KeyValuePair<string, object?>[] tags;

    public LabelSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        this.tags = tags.ToArray();
        Array.Sort(this.tags, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var text = new StringBuilder();
        foreach (var (name, value) in this.tags)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(MetricName.OfLabel(name)).Append("=\"");
            Escape(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }
        Text = text.ToString();
        TagHash = HashOf(this.tags);
    }

    /// <summary><c>step="lb.haproxy",action="deploy"</c>, without the braces; empty without labels.</summary>
    public string Text { get; }

    /// <summary>What <see cref="HashOf"/> says of these labels.</summary>
    public int TagHash { get; }

    /// <summary>A hash that does not depend on the order of the tags.</summary>
    public static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (var (name, value) in tags)
            hash += HashCode.Combine(name, value);
        return hash;
    }

    /// <summary>True when a measurement's tags say the same, in whatever order.</summary>
    public bool Says(ReadOnlySpan<KeyValuePair<string, object?>> other)
    {
        if (other.Length != tags.Length)
            return false;
        foreach (var tag in other)
        {
            if (!Has(tag))
                return false;
        }
        return true;
    }

    public override string ToString() => Text;

    private bool Has(KeyValuePair<string, object?> wanted)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == wanted.Key && Equals(tag.Value, wanted.Value))
                return true;
        }
        return false;
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(letter),
            };
        }
    }
}
