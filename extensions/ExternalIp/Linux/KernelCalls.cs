using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>The calls of Linux for sockets of families that the framework does not know, with the structures of 64-bit Linux.</summary>
internal static unsafe partial class KernelCalls
{
    internal const int NetlinkFamily = 16; // AF_NETLINK
    internal const int PacketFamily = 17; // AF_PACKET

    internal const int RawSocket = 3; // SOCK_RAW
    internal const int DatagramSocket = 2; // SOCK_DGRAM
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC

    internal const int SocketLevel = 1; // SOL_SOCKET
    internal const int ReceiveTimeout = 20; // SO_RCVTIMEO
    internal const int SendTimeout = 21; // SO_SNDTIMEO
    internal const int AttachFilter = 26; // SO_ATTACH_FILTER
    internal const int ReceiveBufferForce = 33; // SO_RCVBUFFORCE: beyond net.core.rmem_max, for CAP_NET_ADMIN
    internal const int PacketLevel = 263; // SOL_PACKET
    internal const int AddMembership = 1; // PACKET_ADD_MEMBERSHIP

    /// <summary>sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NetlinkName
    {
        internal ushort Family;
        internal ushort Padding;
        internal uint Port;
        internal uint Groups;
    }

    /// <summary>sockaddr_ll.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PacketName
    {
        internal ushort Family;
        internal ushort Protocol; // in network order
        internal int Index;
        internal ushort HardwareType;
        internal byte PacketType;
        internal byte AddressLength;
        internal fixed byte Address[8];
    }

    /// <summary>packet_mreq.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PacketMembership
    {
        internal int Index;
        internal ushort Type;
        internal ushort AddressLength;
        internal fixed byte Address[8];
    }

    /// <summary>timeval.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        internal long Seconds;
        internal long Microseconds;
    }

    /// <summary>sock_filter: an instruction of the classic packet filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary>sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterProgram
    {
        internal ushort Length;
        internal FilterInstruction* Instructions;
    }

    /// <summary>Opens a socket in the network namespace of the calling thread, which it keeps for good.</summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal static SafeSocketHandle Open(int family, int type, int protocol)
    {
        var descriptor = OpenSocket(family, type | CloseOnExec, protocol);
        return descriptor >= 0
            ? new SafeSocketHandle(descriptor, ownsHandle: true)
            : throw KernelFault.Of(Marshal.GetLastPInvokeError(), $"a {(family == NetlinkFamily ? "netlink" : "packet")} socket cannot be opened");
    }

    /// <summary>Sets an option; false with the reason in the last error.</summary>
    internal static bool Set<T>(SafeSocketHandle socket, int level, int option, T value)
        where T : unmanaged => SetOption(socket, level, option, &value, (uint)sizeof(T)) == 0;

    /// <summary>Sets an option.</summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal static void Require<T>(SafeSocketHandle socket, int level, int option, T value, string what)
        where T : unmanaged
    {
        if (!Set(socket, level, option, value))
            throw KernelFault.Of(Marshal.GetLastPInvokeError(), what);
    }

    /// <summary>Gives a socket its name.</summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    internal static void Bind<T>(SafeSocketHandle socket, T name, string what)
        where T : unmanaged
    {
        if (BindSocket(socket, &name, (uint)sizeof(T)) != 0)
            throw KernelFault.Of(Marshal.GetLastPInvokeError(), what);
    }

    /// <summary>Sends a message to where a name says.</summary>
    /// <returns>0, or the number of the error.</returns>
    internal static int Send<T>(SafeSocketHandle socket, ReadOnlySpan<byte> message, T name)
        where T : unmanaged
    {
        fixed (byte* start = message)
        {
            while (SendTo(socket, start, (nuint)message.Length, 0, &name, (uint)sizeof(T)) < 0)
            {
                if (Marshal.GetLastPInvokeError() is var error && error != KernelFault.Interrupted)
                    return error;
            }
        }
        return 0;
    }

    /// <summary>Waits for a message.</summary>
    /// <returns>Its length, or the negative number of the error.</returns>
    internal static int Receive(SafeSocketHandle socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                // With MSG_TRUNC the whole length is told, so that a message which did not fit is noticed.
                var length = (int)ReceiveFrom(socket, start, (nuint)buffer.Length, Truncated, null, null);
                if (length >= 0)
                    return length;
                if (Marshal.GetLastPInvokeError() is var error && error != KernelFault.Interrupted)
                    return -error;
            }
        }
    }

    private const int Truncated = 0x20; // MSG_TRUNC

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindSocket(SafeSocketHandle socket, void* name, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeSocketHandle socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(SafeSocketHandle socket, byte* message, nuint length, int flags, void* name, uint nameLength);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint ReceiveFrom(SafeSocketHandle socket, byte* buffer, nuint length, int flags, void* name, uint* nameLength);
}
