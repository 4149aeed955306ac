using System.ComponentModel;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Errors of the kernel, in words and with what to do.</summary>
internal static class KernelFault
{
    internal const int NotPermitted = 1; // EPERM
    internal const int Interrupted = 4; // EINTR
    internal const int NoSuchDeviceOrAddress = 6; // ENXIO
    internal const int TryAgain = 11; // EAGAIN
    internal const int AccessDenied = 13; // EACCES
    internal const int Exists = 17; // EEXIST
    internal const int NoDevice = 19; // ENODEV
    internal const int InvalidArgument = 22; // EINVAL
    internal const int NotAvailable = 99; // EADDRNOTAVAIL
    internal const int NetworkDown = 100; // ENETDOWN
    internal const int NoBuffers = 105; // ENOBUFS

    /// <summary>The exception for an error.</summary>
    /// <param name="error">Its number (errno).</param>
    /// <param name="what">What failed, the beginning of a sentence: <c>10.0.0.7/24 cannot be added to eth0</c>.</param>
    internal static ExtensionException Of(int error, string what) => new(ReasonOf(error), Say(error, what));

    /// <summary>The sentence for an error.</summary>
    internal static string Say(int error, string what) => $"{what}: {new Win32Exception(error).Message}{Advice(error)}";

    private static Reason ReasonOf(int error) => error switch
    {
        NotPermitted or AccessDenied => Reason.Unauthorized,
        Exists => Reason.Conflict,
        NoDevice or NoSuchDeviceOrAddress or NetworkDown => Reason.Unreachable,
        TryAgain => Reason.Timeout,
        NoBuffers => Reason.Unavailable,
        _ => Reason.Refused,
    };

    private static string Advice(int error) => error switch
    {
        NotPermitted or AccessDenied => " (run as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW)",
        NoDevice or NoSuchDeviceOrAddress => " (is the name of the interface right? `ip link` lists them)",
        NetworkDown => " (`ip link set` brings an interface up)",
        TryAgain => " (the kernel did not answer in time)",
        Exists => " (it is there already and is not ours)",
        _ => "",
    };
}
