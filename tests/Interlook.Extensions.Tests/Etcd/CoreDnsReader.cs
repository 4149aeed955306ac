using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>
/// Answers questions from stored keys by the rules of CoreDNS's plugin etcd, and of SkyDNS where they agree: the subtree below a name, else the
/// name's own key; <c>*</c> and <c>any</c> for a label in the question; groups; <c>targetstrip</c>; weights as shares of 100; times to live.
/// Values that are no records fail the whole answer. Our own words for the rules, not their code.
/// </summary>
internal sealed class CoreDnsReader(IEnumerable<(string Key, string Value, long Left)> stored, string prefix = "skydns")
{
    private const int UsualTtl = 300;

    /// <summary>Addresses of a family; names are followed.</summary>
    internal string[] Addresses(string name, AddressFamily family, int depth = 0)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var record in Lookup(name))
        {
            if (!IPAddress.TryParse(record.Host, out var address))
            {
                if (depth < 8)
                    found.UnionWith(Addresses(record.Host, family, depth + 1));
            }
            else if (address.AddressFamily == family)
                found.Add($"{record.Ttl} {address}");
        }
        return [.. found];
    }

    /// <summary><c>ttl priority weight port target</c>, sorted.</summary>
    internal string[] Services(string name)
    {
        var records = Lookup(name);
        var sums = records.GroupBy(record => record.Priority).ToDictionary(same => same.Key, same => same.Sum(Share));
        return
        [
            .. records
                .Select(record => $"{record.Ttl} {record.Priority} {Math.Max(1, (int)(100.0 * Share(record) / sums[record.Priority]))} {record.Port} {Target(record)}")
                .Order(StringComparer.Ordinal),
        ];

        static int Share(Found record) => record.Weight == 0 ? 100 : record.Weight;
    }

    private List<Found> Lookup(string name)
    {
        var labels = name.TrimEnd('.').ToLowerInvariant().Split('.').Reverse().ToList();
        var below = Read(labels, whole: false);
        return Group(below.Count > 0 ? below : Read(labels, whole: true));
    }

    private List<Found> Read(List<string> labels, bool whole)
    {
        List<string> wanted = [.. prefix.Split('/'), .. labels];
        return
        [
            .. stored
                .Where(each =>
                {
                    var parts = each.Key.TrimStart('/').Split('/');
                    return (whole ? parts.Length == wanted.Count : parts.Length > wanted.Count)
                        && wanted.Select((label, i) => label is "*" or "any" || parts[i] == label).All(equal => equal);
                })
                .Select(each => Parse(each.Key, each.Value, each.Left)),
        ];
    }

    private static Found Parse(string key, string value, long left)
    {
        using var json = JsonDocument.Parse(value);
        var record = json.RootElement;
        var ttl = Number("ttl");
        return new(
            key, Text("host"), Number("port"), Number("priority") is 0 ? 10 : Number("priority"), Number("weight"), Text("group"), Number("targetstrip"),
            (ttl, left) switch
            {
                (0, 0) => UsualTtl,
                (0, _) => (int)left,
                (_, 0) => ttl,
                _ => (int)Math.Min(ttl, left),
            });

        int Number(string member) => record.TryGetProperty(member, out var number) ? number.GetInt32() : 0;

        string Text(string member) => record.TryGetProperty(member, out var text) ? text.GetString()! : "";
    }

    /// <summary>The shallowest key that has a group decides; what has none stays; two groups at one depth are no grouping.</summary>
    private static List<Found> Group(List<Found> all)
    {
        var deciding = all.Where(record => record.Group != "").OrderBy(record => record.Depth).FirstOrDefault();
        if (deciding is null || all.Exists(record => record.Group != "" && record.Depth == deciding.Depth && record.Group != deciding.Group))
            return all;
        return [.. all.Where(record => record.Group == "" || record.Group == deciding.Group)];
    }

    private string Target(Found record)
    {
        if (!IPAddress.TryParse(record.Host, out _))
            return record.Host + ".";
        var labels = record.Key[(prefix.Length + 2)..].Split('/').Reverse().ToArray();
        if (Array.Exists(labels, label => label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || !label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            throw new FormatException($"no DNS name: {record.Key}");
        return string.Join('.', labels.Skip(record.TargetStrip < labels.Length ? record.TargetStrip : 0)) + ".";
    }

    private sealed record Found(string Key, string Host, int Port, int Priority, int Weight, string Group, int TargetStrip, int Ttl)
    {
        internal int Depth { get; } = Key.Count(c => c == '/');
    }
}
