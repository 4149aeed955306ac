using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>The calls of Linux that move many datagrams at once, which the framework does not offer.</summary>
internal static unsafe partial class LinuxSockets
{
    /// <summary>Wait for one datagram, then take what is there (recvmmsg(2)).</summary>
    internal const int WaitForOne = 0x10000;

    /// <summary>The datagram was longer than its buffer.</summary>
    internal const int Truncated = 0x20;

    /// <summary>A call was interrupted by a signal.</summary>
    internal const int Interrupted = 4;

    // EBADF, EFAULT, EINVAL, ENOTSOCK: the same next time. All others pass: a network that is down, memory that is short.
    private static ReadOnlySpan<int> Lasting => [9, 14, 22, 88];

    internal const int SocketLevel = 1;
    internal const int ReusePort = 15;
    internal const int IpLevel = 0;
    internal const int IpPacketInfo = 8;
    internal const int Ipv6Level = 41;
    internal const int Ipv6ReceivePacketInfo = 49;

    private const int ReadAndWrite = 2;

    /// <summary>Part of a message.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Vector
    {
        internal void* Start;
        internal nuint Length;
    }

    /// <summary>msghdr, as the C libraries of 64-bit Linux have it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Header
    {
        internal void* Name;
        internal uint NameLength;
        internal Vector* Vectors;
        internal nuint VectorCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        internal Header Header;
        internal uint Length;
    }

    /// <summary>True for an error that will not go away.</summary>
    internal static bool IsLasting(int error) => Lasting.Contains(error);

    /// <summary>True where these calls and structures are right.</summary>
    internal static bool AreHere => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int Receive(SafeSocketHandle socket, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int Send(SafeSocketHandle socket, Message* messages, uint count, int flags);

    /// <summary>Wakes whoever waits in <see cref="Receive"/>. The framework's own refuses sockets that are not connected; the kernel does it all the same.</summary>
    internal static void WakeUp(SafeSocketHandle socket) => _ = Shutdown(socket, ReadAndWrite);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(SafeSocketHandle socket, int how);
}
