namespace Interlook.Extensions.EmbeddedDns;

/// <summary>The version of the zones (RFC 1982).</summary>
internal static class ZoneSerial
{
    /// <summary>
    /// The next one: the time in seconds, so that it goes on rising over a restart; one more than the last where changes come faster than that.
    /// </summary>
    internal static uint After(uint last, DateTimeOffset now)
    {
        var seconds = unchecked((uint)now.ToUnixTimeSeconds());
        return unchecked((int)(seconds - last)) > 0 ? seconds : unchecked(last + 1);
    }
}
