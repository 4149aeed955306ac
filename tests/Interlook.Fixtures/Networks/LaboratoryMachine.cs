using System.Globalization;
using System.Net;

namespace Interlook.Fixtures.Networks;

/// <summary>A machine of a <see cref="NetworkLaboratory"/>.</summary>
/// <param name="Name">Its name, <c>node1</c>.</param>
/// <param name="Number">Its number, from 1: the end of its addresses.</param>
/// <param name="Namespace">Where it is.</param>
public sealed record LaboratoryMachine(string Name, int Number, NetworkNamespace Namespace)
{
    /// <summary>Its interface on a network.</summary>
    public static string LinkOf(LaboratoryNetwork network) => network == LaboratoryNetwork.Front ? "eth0" : "eth1";

    /// <summary>Its address on a network.</summary>
    public IPAddress AddressOn(LaboratoryNetwork network) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.{PlaceOf(network)}.0.{Number}"));

    /// <summary>Its IPv6 address on a network.</summary>
    public IPAddress Ipv6AddressOn(LaboratoryNetwork network) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fd{PlaceOf(network)}::{Number}"));

    /// <summary>The hardware address of its interface on a network.</summary>
    public async Task<string> HardwareOnAsync(LaboratoryNetwork network) =>
        (await Namespace.ShowAsync($"-br link show dev {LinkOf(network)}")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];

    /// <summary>Asks for an address once.</summary>
    /// <returns>True when it answered within a second.</returns>
    public async Task<bool> PingAsync(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (await Namespace.RunAsync("ping", "-n", "-c", "1", "-W", "1", address.ToString())).ExitCode == 0;
    }

    /// <summary>What stands in its table of neighbours for an address: the hardware address, or nothing.</summary>
    public async Task<string> NeighbourAsync(IPAddress address)
    {
        var words = (await Namespace.IpAsync($"neighbour show {address} dev eth0")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Array.IndexOf(words, "lladdr") is >= 0 and var at ? words[at + 1] : "";
    }

    private static int PlaceOf(LaboratoryNetwork network) => network == LaboratoryNetwork.Front ? 99 : 98;
}
