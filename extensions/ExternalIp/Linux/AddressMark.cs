namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>How an address says that it is ours.</summary>
internal static class AddressMark
{
    /// <summary>
    /// Our value of IFA_PROTO, which a recent <c>ip address</c> shows as <c>proto 0x49</c>. Below 4 are the kernel's own; the others are
    /// for who wants them, and iproute2's list (rt_addrprotos) names none. It is the letter I.
    /// </summary>
    internal const byte Protocol = 0x49;

    private static readonly Version Since = new(5, 18);

    /// <summary>True when the kernel keeps the mark; else a journal has to say what is ours.</summary>
    internal static bool IsKept => OperatingSystem.IsLinux() && Environment.OSVersion.Version >= Since;
}
