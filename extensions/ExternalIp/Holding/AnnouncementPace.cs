namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>
/// When an address is announced: at once, and again for five seconds, for a frame may be lost, a switch may still learn, and a neighbour
/// that has just asked the former holder may refuse a second answer for a while (Linux does for a second: net.ipv4.neigh.*.locktime).
/// </summary>
internal static class AnnouncementPace
{
    private static readonly TimeSpan[] Offsets =
    [
        TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5),
    ];

    /// <summary>When the next announcement is due, counted from the first; null after the last.</summary>
    /// <param name="made">How many were made.</param>
    internal static TimeSpan? Next(int made) => made < Offsets.Length ? Offsets[made] : null;
}
