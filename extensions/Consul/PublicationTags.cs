using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>
/// An instance's tags and meta as labels: the tag <c>interlook.hosts=a.example.org</c> and the meta <c>interlook-hosts</c> mean the same.
/// Pure.
/// </summary>
internal sealed class PublicationTags
{
    /// <summary>What every tag of ours begins with.</summary>
    internal const string Prefix = "interlook.";

    private static readonly string[] Known =
    [
        PublicationLabels.Hosts, PublicationLabels.Host, PublicationLabels.PortLabel, PublicationLabels.SslLabel, PublicationLabels.ServiceLabel,
        PublicationLabels.WeightLabel, PublicationLabels.IpLabel,
    ];

    private readonly Dictionary<string, string> labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> called = new(StringComparer.Ordinal);
    private string? problem;

    private PublicationTags()
    {
    }

    /// <summary>True when they ask for publication at all.</summary>
    internal bool Ask => PublicationLabels.Ask(labels);

    /// <summary>Gathers them; what is wrong is said by <see cref="Read"/>.</summary>
    internal static PublicationTags Of(IEnumerable<string>? tags, IReadOnlyDictionary<string, string>? meta)
    {
        var gathered = new PublicationTags();
        foreach (var tag in (tags ?? []).Order(StringComparer.Ordinal))
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? tag : tag[..equals]).Trim();
            if (Known.Contains(key, StringComparer.Ordinal))
                gathered.Add(key, equals < 0 ? "" : tag[(equals + 1)..].Trim(), $"tag {key}");
        }
        foreach (var key in Known)
        {
            var name = key.Replace('.', '-');
            if (meta?.GetValueOrDefault(name) is { } text)
                gathered.Add(key, text.Trim(), $"meta {name}");
        }
        return gathered;
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">They cannot be used; the message is a sentence that names the one at fault.</exception>
    internal PublicationLabels Read() => problem is null
        ? PublicationLabels.Read(labels, key => called.GetValueOrDefault(key) ?? $"tag {key}")
        : throw new FormatException(problem);

    /// <summary>Host names of several tags are joined; of all else two must say the same.</summary>
    private void Add(string key, string text, string name)
    {
        if (!labels.TryGetValue(key, out var before))
        {
            labels[key] = text;
            called[key] = name;
        }
        else if (key is PublicationLabels.Hosts or PublicationLabels.Host)
            labels[key] = $"{before},{text}";
        else if (before != text)
            problem ??= $"{called[key]} says '{PublicationLabels.Shown(before)}', and {name} says '{PublicationLabels.Shown(text)}': keep one";
    }
}
