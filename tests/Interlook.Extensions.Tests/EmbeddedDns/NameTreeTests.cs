using Interlook.Extensions.EmbeddedDns.Messages;
using Interlook.Extensions.EmbeddedDns.Names;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>The names and what follows from them, against a model that looks at all of them each time.</summary>
public sealed class NameTreeTests
{
    private static readonly string[] Zones = ["org", "x.y.org", "y.org"];
    private static readonly string[] Labels = ["a", "b", "*", "x", "y"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_of_changes_leaves_exactly_the_names_that_exist(int seed)
    {
        var random = new Random(seed);
        var tree = Zones.OrderBy(zone => zone.Length).Select(NewZone).Aggregate(NameTree.Empty, (before, zone) => before.WithZone(zone));
        var model = new Dictionary<string, HashSet<RecordType>>();

        for (var i = 0; i < 3000; i++)
        {
            var name = string.Join('.', Enumerable.Range(0, random.Next(4)).Select(_ => Labels[random.Next(Labels.Length)]).Append("org"));
            var type = random.Next(2) == 0 ? RecordType.A : RecordType.SRV;
            if (random.Next(2) == 0)
            {
                tree = tree.With(DnsName.Parse(name), new RecordSet(type, 1, default));
                (model.TryGetValue(name, out var types) ? types : model[name] = []).Add(type);
            }
            else
            {
                tree = tree.Without(DnsName.Parse(name), type);
                if (model.TryGetValue(name, out var types) && types.Remove(type) && types.Count == 0)
                    model.Remove(name);
            }
            if (i % 100 == 0)
                Compare(model, tree);
        }
        foreach (var name in model.Keys)
            tree = tree.Without(DnsName.Parse(name), RecordType.A).Without(DnsName.Parse(name), RecordType.SRV);
        Compare([], tree);
    }

    [Fact]
    public void A_map_of_many_names_finds_each_and_gives_each_back()
    {
        var zone = NewZone("org");
        var names = Enumerable.Range(0, 20_000).Select(i => DnsName.Parse($"n{i}.org")).ToList();

        var full = names.Aggregate(NameMap.Empty, (map, name) => map.With(new NameNode(name, zone)));
        var half = names.Where((_, i) => i % 2 == 0).Aggregate(full, (map, name) => map.Without(name));

        Assert.Equal(20_000, full.Count);
        Assert.Equal(10_000, half.Count);
        Assert.All(names, name => Assert.NotNull(full.Find(name)));
        for (var i = 0; i < names.Count; i++)
            Assert.Equal(i % 2 == 1, half.Find(names[i]) is not null);
        Assert.Equal(half.All.Select(node => node.Name.ToString()).Order(StringComparer.Ordinal),
            names.Where((_, i) => i % 2 == 1).Select(name => name.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(names.Aggregate(half, (map, name) => map.Without(name)).All);
    }

    private static void Compare(Dictionary<string, HashSet<RecordType>> model, NameTree tree)
    {
        var existing = model.Keys.Concat(Zones).SelectMany(Above).ToHashSet();
        Assert.Equal(existing.Order(StringComparer.Ordinal), tree.Map.All.Select(node => node.Name.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(existing.Count, tree.Map.Count);
        foreach (var node in tree.Map.All)
        {
            var name = node.Name.ToString();
            Assert.Equal(Zones.Where(zone => name == zone || name.EndsWith("." + zone, StringComparison.Ordinal)).MaxBy(zone => zone.Length), node.Zone.Name.ToString());
            Assert.Equal(existing.Count(other => other.EndsWith("." + name, StringComparison.Ordinal) && !other[..^(name.Length + 1)].Contains('.')), node.Children);
            Assert.Equal(model.GetValueOrDefault(name, []).Order(), node.Sets.Select(set => set.Type).Order());
            Assert.Same(tree.Map.Find(DnsName.Parse("*." + name)), node.Wildcard);
        }
    }

    private static IEnumerable<string> Above(string name)
    {
        for (var at = name; ; at = at[(at.IndexOf('.') + 1)..])
        {
            yield return at;
            if (!at.Contains('.'))
                yield break;
        }
    }

    private static Zone NewZone(string name) => new(DnsName.Parse(name), [DnsName.Parse("ns." + name)], DnsName.Parse("hostmaster." + name), 60, isOfAddress: false);
}
