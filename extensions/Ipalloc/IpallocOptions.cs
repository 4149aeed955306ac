using System.Net;
using Interlook.Configuration;

namespace Interlook.Extensions.Ipalloc;

/// <summary>The settings of <c>ipam.ipalloc</c>.</summary>
internal sealed class IpallocOptions
{
    /// <summary>The network whose addresses are leased.</summary>
    /// <value>Required.</value>
    public Network Network { get; set; } = Network.Parse("192.0.2.0/24");

    /// <summary>The first address that is leased.</summary>
    /// <value>Default: the network's first usable one.</value>
    public IPAddress? First { get; set; }

    /// <summary>The last address that is leased.</summary>
    /// <value>Default: the network's last usable one.</value>
    public IPAddress? Last { get; set; }

    /// <summary>What is not leased.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyList<AddressExclusion> Excluded { get; set; } = [];

    /// <summary>The file that keeps the leases.</summary>
    /// <value>Default: ./share/conf/allocated.db.</value>
    public string DbFile { get; set; } = "./share/conf/allocated.db";

    /// <summary>The settings as the host reads them.</summary>
    internal static SettingsSchema<IpallocOptions> SettingsSchema { get; } = Configuration.SettingsSchema.For<IpallocOptions>()
        .Value(
            "network_cidr", Network.Parse, (options, network) => options.Network = network,
            "The network whose addresses are leased, IPv4 or IPv6. The network and broadcast address are never leased.",
            allowed: "address/prefix length", required: true)
        .Value(
            "ip_start", SettingReaders.Address, (options, address) => options.First = address,
            "The first address that is leased.", shown: "the network's first usable address")
        .Value(
            "ip_end", SettingReaders.Address, (options, address) => options.Last = address,
            "The last address that is leased.", shown: "the network's last usable address")
        .List(
            "excluded", AddressExclusion.Parse, (options, excluded) => options.Excluded = excluded,
            "Addresses, ranges (`10.0.0.1-10.0.0.9`) and networks (`10.0.0.0/28`) that are not leased.")
        .Text(
            "db_file", (options, path) => options.DbFile = path,
            "The file that keeps the leases; a journal lies beside it.", shown: "./share/conf/allocated.db")
        .Rule(options => options.Problems());

    /// <summary>The range between the first and the last address.</summary>
    internal AddressRange Space => new(
        First is null ? Network.Usable.First : AddressNumber.Of(First),
        Last is null ? Network.Usable.Last : AddressNumber.Of(Last));

    /// <summary>A pool with nothing leased.</summary>
    internal AddressPool CreatePool() => new(Network.Family, Space, Excluded.Select(exclusion => exclusion.Range));

    private IEnumerable<SettingProblem> Problems()
    {
        var sound = true;
        foreach (var (setting, address) in new[] { ("ip_start", First), ("ip_end", Last) })
        {
            if (address is null || (address.AddressFamily == Network.Family && Network.Usable.Contains(AddressNumber.Of(address))))
                continue;
            sound = false;
            yield return new SettingProblem(
                setting, $"{address} is not a usable address of {Network}: it must be from {Usable(range => range.First)} to {Usable(range => range.Last)}");
        }
        foreach (var exclusion in Excluded.Where(exclusion => exclusion.Family != Network.Family || !exclusion.Range.Overlaps(Network.Range)))
        {
            sound = false;
            yield return new SettingProblem("excluded", $"{exclusion} lies outside of {Network}: remove it, or correct one of the two");
        }
        if (!sound)
            yield break;
        if (Space.First > Space.Last)
            yield return new SettingProblem("ip_start", $"{First} comes after ip_end {Last}: nothing is left to lease");
        else if (CreatePool().Size == 0)
            yield return new SettingProblem("excluded", $"covers everything from {Space.Show(Network.Family)}: nothing is left to lease");
    }

    private string Usable(Func<AddressRange, UInt128> end) => AddressNumber.Show(end(Network.Usable), Network.Family);
}
