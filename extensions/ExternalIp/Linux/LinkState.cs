using System.Net.NetworkInformation;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>An interface, without its addresses.</summary>
/// <param name="Index">Its number; one that is made again has another.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsUp">It is switched on.</param>
/// <param name="IsRunning">It is on and has a carrier; a bridge has one while one of its ports has.</param>
/// <param name="HasNeighbours">
/// Others on it ask for addresses (ARP, neighbour discovery), as on Ethernet; false for <c>lo</c>, tunnels, NOARP.
/// </param>
/// <param name="Hardware">Its own hardware address.</param>
/// <param name="PromotesSecondaries">IPv4: when the first address of a network goes, the others stay.</param>
internal sealed record LinkState(
    int Index, string Name, bool IsUp, bool IsRunning, bool HasNeighbours, PhysicalAddress Hardware, bool PromotesSecondaries);
