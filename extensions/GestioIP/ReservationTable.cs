using System.Net;
using Interlook.Extensions.GestioIP.Wire;

namespace Interlook.Extensions.GestioIP;

/// <summary>The hosts of our networks at one moment: which addresses are taken, and by whom. Immutable.</summary>
/// <param name="hosts">The hosts, in the order of the networks.</param>
/// <param name="showsForeign">False when only hosts with our mark are among them.</param>
internal sealed class ReservationTable(IEnumerable<WireHost> hosts, bool showsForeign)
{
    private readonly ILookup<IPAddress, WireHost> byAddress = hosts.ToLookup(host => host.Address);
    private readonly ILookup<string, IPAddress> byTag = hosts.ToLookup(host => host.Comment, host => host.Address, StringComparer.Ordinal);

    /// <summary>Whether an address that is not among these hosts is free: false when foreign ones were left out.</summary>
    internal bool ShowsForeign => showsForeign;

    /// <summary>The addresses of a tag, each once, in the order of the networks.</summary>
    internal IReadOnlyList<IPAddress> Of(string tag) => [.. byTag[tag].Distinct()];

    /// <summary>Every comment that there is.</summary>
    internal IEnumerable<string> Comments => byTag.Select(each => each.Key);

    /// <summary>Whether a tag has an address to itself. GestioIP's table allows two hosts of one address.</summary>
    internal bool IsHeld(IPAddress address, string tag) => byAddress[address].Any() && byAddress[address].All(host => host.Comment == tag);

    /// <summary>A host of an address that does not bear a tag; null when there is none.</summary>
    internal WireHost? Rival(IPAddress address, string tag) => byAddress[address].FirstOrDefault(host => host.Comment != tag);

    /// <summary>Whether no host is known at an address.</summary>
    internal bool IsFree(IPAddress address) => !byAddress[address].Any();
}
