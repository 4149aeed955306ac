using System.Collections.Immutable;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>Which node has an address: there is one at most, in whatever partition. Immutable.</summary>
internal sealed record NodeTable
{
    private ImmutableDictionary<RoutedAddress, WireNode> Nodes { get; init; } = ImmutableDictionary<RoutedAddress, WireNode>.Empty;

    internal static NodeTable Of(IEnumerable<WireNode> nodes, RouteDomains domains)
    {
        var table = ImmutableDictionary.CreateBuilder<RoutedAddress, WireNode>();
        foreach (var node in nodes)
        {
            if (domains.Read(node.Partition, node.Address) is { } address)
                table[address] = node;
        }
        return new() { Nodes = table.ToImmutable() };
    }

    internal IEnumerable<KeyValuePair<RoutedAddress, WireNode>> All => Nodes;

    internal WireNode? Find(RoutedAddress address) => Nodes.GetValueOrDefault(address);

    internal NodeTable With(RoutedAddress address, WireNode node) => this with { Nodes = Nodes.SetItem(address, node) };

    internal NodeTable Without(RoutedAddress address) => this with { Nodes = Nodes.Remove(address) };
}
