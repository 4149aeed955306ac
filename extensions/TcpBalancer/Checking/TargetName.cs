using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.TcpBalancer.Checking;

/// <summary>
/// Keeps the address of a target that is a host name. One address is used at a time, and kept while the name still has it; when the
/// target fails there, the name's next one is taken. A name that cannot be resolved any more keeps its last address.
/// </summary>
internal sealed class TargetName
{
    // The system's resolver tells no time to live.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly BalancedTarget target;
    private readonly TimeProvider time;
    private IPAddress[] addresses = [];
    private long asked;

    private TargetName(BalancedTarget target, TimeProvider time) => (this.target, this.time) = (target, time);

    /// <summary>The name of a target; null when it is an address.</summary>
    public static TargetName? For(BalancedTarget target, TimeProvider time) =>
        IPAddress.TryParse(target.Host, out _) ? null : new TargetName(target, time);

    /// <summary>Resolves the name when that is due.</summary>
    /// <returns>Null when the target has an address; else why not.</returns>
    public async Task<string?> ResolveAsync(CancellationToken stopping)
    {
        if (addresses.Length > 0 && time.GetElapsedTime(asked) < Fresh)
            return null;
        try
        {
            // Sorted, because resolvers turn the order: that is no change.
            addresses = [.. (await Dns.GetHostAddressesAsync(target.Host, stopping)).OrderBy(each => each.AddressFamily).ThenBy(each => each.ToString(), StringComparer.Ordinal)];
            asked = time.GetTimestamp();
        }
        catch (SocketException failure)
        {
            return target.Address is null ? $"the name {target.Host} is not resolved: {failure.Message}" : null;
        }
        if (addresses.Length == 0)
            return target.Address is null ? $"the name {target.Host} has no address" : null;
        if (target.Address is not { } used || !addresses.Contains(used.Endpoint.Address))
            target.Address = new TargetAddress(new IPEndPoint(addresses[0], target.Port));
        return null;
    }

    /// <summary>Goes on to the name's next address.</summary>
    public void TakeNext()
    {
        if (addresses.Length < 2 || target.Address is not { } used)
            return;
        var next = (Array.IndexOf(addresses, used.Endpoint.Address) + 1) % addresses.Length;
        target.Address = new TargetAddress(new IPEndPoint(addresses[next], target.Port));
    }
}
