using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// Asks the neighbours once for some addresses: three times, and a tenth of a second in all. RFC 5227 takes up to seven seconds and RFC
/// 4862 one, for hosts that power up behind switches which still learn. Here an interface that runs takes over an address whose clients
/// wait, and who has it answers from the kernel, in less than a millisecond.
/// </summary>
internal sealed class NeighbourProbe(LinkState link, OpenSocket open, FrameSender sender, TimeProvider time)
{
    private const int Times = 3;

    private const int LongestFrame = 1600; // those looked for are far shorter

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(33);

    /// <inheritdoc cref="ILink.ProbeAsync"/>
    internal async Task<ImmutableDictionary<IPAddress, PhysicalAddress>> AskAsync(
        IReadOnlyCollection<IPAddress> addresses, CancellationToken stopping)
    {
        var asked = addresses.ToHashSet();
        var answers = new Dictionary<IPAddress, PhysicalAddress>();
        using var arp = Receiver(asked, AddressFamily.InterNetwork, Frames.Arp);
        using var discovery = Receiver(asked, AddressFamily.InterNetworkV6, Frames.Ipv6);
        for (var i = 0; i < Times; i++)
        {
            foreach (var address in asked.Where(address => !answers.ContainsKey(address)))
                sender.Send(Frames.Probe(address, link.Hardware), link);
            await Task.Delay(Between, time, stopping);
            // Nobody waits at the sockets: they keep what comes, and what came in time counts, however late it is read. Whoever answers the next question, in
            // less than a millisecond, finds them empty, be there ever so many other frames later.
            Take(arp, asked, answers);
            Take(discovery, asked, answers);
        }
        return answers.ToImmutableDictionary();
    }

    private FrameReceiver? Receiver(HashSet<IPAddress> asked, AddressFamily family, ushort protocol) =>
        asked.Any(address => address.AddressFamily == family) ? new(link, protocol, open) : null;

    private void Take(FrameReceiver? receiver, HashSet<IPAddress> asked, Dictionary<IPAddress, PhysicalAddress> answers)
    {
        var buffer = new byte[LongestFrame];
        while (receiver?.Take(buffer) is > 0 and var length)
        {
            if (FrameReading.Claim(buffer.AsSpan(0, length)) is { } claim && asked.Contains(claim.Address) && !claim.Hardware.Equals(link.Hardware))
                answers.TryAdd(claim.Address, claim.Hardware);
        }
    }
}
