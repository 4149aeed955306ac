using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Providers;
using Xunit;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>A change is paid for by what it concerns.</summary>
public sealed class PublicationTableTests
{
    private static readonly Node[] Nodes = [ReadyNode("node-1", "10.0.0.1"), ReadyNode("node-2", "10.0.0.2")];

    private readonly Service[] services = [Labelled("a"), Labelled("b"), Labelled("c"), Plain("silent", "ClusterIP", Space, PortOf(80))];
    private readonly EndpointSlice[] slices =
    [
        Slice("a", 8080, At("10.1.0.1", "node-1")), Slice("b", 8080, At("10.1.0.2", "node-2")), Slice("c", 8080, At("10.1.0.3", "node-2")),
        Slice("silent", 8080, At("10.1.0.4", "node-1")),
    ];

    [Fact]
    public void A_slice_that_changes_has_one_Service_translated_anew()
    {
        var table = Begin(Rules);
        var before = table.Publications;

        var changes = table.Take(Change(Cache([.. slices[1..], Slice("a", 8080, At("10.1.0.9", "node-2"))]), slices[0].Name));

        Assert.Equal("a", Assert.Single(Touched(before, table)));
        Assert.Equal("shop/a", Assert.IsType<ProviderEvent.Published>(Assert.Single(changes)).Definition.Name);
    }

    [Theory]
    [InlineData(TargetMode.NodePort, "b c")]
    [InlineData(TargetMode.NodePortAll, "a b c")]
    [InlineData(TargetMode.Pod, "")]
    public void A_node_that_goes_has_the_Services_translated_that_it_concerns(object mode, string concerned)
    {
        var table = Begin(Rules with { Mode = (TargetMode)mode });
        var before = table.Publications;

        table.Take(Change(Cache(Nodes[0]), Nodes[1].Name));

        Assert.Equal(concerned, string.Join(' ', Touched(before, table)));
    }

    [Fact]
    public void A_change_that_changes_no_definition_says_nothing_and_keeps_the_same_one()
    {
        var table = Begin(Rules);
        var before = table.Publications[services[0].Name].Definition;

        var changes = table.Take(Change(Cache([.. slices[1..], Slice("a", 8080, At("10.1.0.9", "node-1"))]), slices[0].Name));

        Assert.Empty(changes);
        Assert.Same(before, table.Publications[services[0].Name].Definition);
    }

    [Fact]
    public void A_Service_is_published_before_its_first_slice_comes()
    {
        var table = new PublicationTable(new("provider.kubernetes", Rules), ImmutableDictionary<ObjectName, Publication>.Empty);
        table.Begin(Cache<Service>(), Cache<EndpointSlice>(), Cache(Nodes));

        var changes = table.Take(Change(Cache(services), services[0].Name));

        Assert.Empty(Assert.IsType<ProviderEvent.Published>(Assert.Single(changes)).Definition.Targets);
    }

    [Fact]
    public void A_Service_without_its_labels_is_withdrawn()
    {
        var table = Begin(Rules);

        var changes = table.Take(Change(Cache([services[0].WithLabels(), .. services[1..]]), services[0].Name));

        Assert.Equal("shop/a", Assert.IsType<ProviderEvent.Withdrawn>(Assert.Single(changes)).Name);
    }

    [Fact]
    public void Nodes_that_cannot_be_used_are_rejected_until_they_can()
    {
        var table = Begin(Rules);
        var nameless = Nodes[1] with { Status = Nodes[1].Status! with { Addresses = [] } };

        table.Take(Change(Cache(Nodes[0], nameless), nameless.Name));
        var rejected = table.Rejections();
        table.Take(Change(Cache(Nodes), nameless.Name));

        Assert.Contains(rejected, rejection => rejection.Subject == "node node-2");
        Assert.Empty(table.Rejections());
    }

    private static IEnumerable<string> Touched(ImmutableDictionary<ObjectName, Publication> before, PublicationTable table) =>
        table.Publications.Where(now => !ReferenceEquals(before[now.Key], now.Value)).Select(now => now.Key.Name).Order(StringComparer.Ordinal);

    private PublicationTable Begin(PublishingRules rules)
    {
        var table = new PublicationTable(new("provider.kubernetes", rules), ImmutableDictionary<ObjectName, Publication>.Empty);
        table.Begin(Cache(services), Cache(slices), Cache(Nodes));
        return table;
    }
}
