using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>
/// The calls of the Linux C library that the loops make, and their constants: those of x86-64 and arm64. Every socket made here is
/// non-blocking and closed by exec(3).
/// </summary>
internal static class Libc
{
    internal const int SolSocket = 1;
    internal const int SoReuseAddress = 2;
    internal const int SoError = 4;
    internal const int SoLinger = 13;
    internal const int IpProtoTcp = 6;
    internal const int TcpNoDelay = 1;
    internal const int IpProtoIpV6 = 41;
    internal const int IpV6Only = 26;
    internal const int ShutWrite = 1;
    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;

    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Stream = 1;
    private const int NoSignal = 0x4000;
    private const int NoFileLimit = 7;
    private const int Wildcard = 128; // room for any sockaddr

    /// <summary>Error numbers, errno(3).</summary>
    internal enum Error
    {
        None = 0,
        NotPermitted = 1,
        Interrupted = 4,
        Again = 11,
        NoMemory = 12,
        AccessDenied = 13,
        FilesOfSystem = 23,
        FilesOfProcess = 24,
        BrokenPipe = 32,
        FamilyNotSupported = 97,
        AddressInUse = 98,
        AddressNotAvailable = 99,
        NoBuffers = 105,
        TimedOut = 110,
        InProgress = 115,
    }

    /// <summary>The error of this thread's last call.</summary>
    internal static Error LastError => (Error)Marshal.GetLastPInvokeError();

    /// <summary>What an error number means, in words.</summary>
    internal static string Describe(Error error) => Marshal.GetPInvokeErrorMessage((int)error).ToLowerInvariant();

    /// <summary>True when it is this machine that has nothing left, and not the other side that is to blame.</summary>
    internal static bool IsShortage(Error error) =>
        error is Error.FilesOfProcess or Error.FilesOfSystem or Error.NoMemory or Error.NoBuffers or Error.AddressNotAvailable;

    /// <summary>An address as the kernel wants it.</summary>
    internal static byte[] SocketAddressOf(IPEndPoint endpoint)
    {
        var serialized = endpoint.Serialize();
        return serialized.Buffer[..serialized.Size].ToArray();
    }

    /// <summary>Makes a TCP socket.</summary>
    /// <returns>The descriptor, or -1.</returns>
    internal static int OpenSocket(AddressFamily family) =>
        Native.Socket(family == AddressFamily.InterNetworkV6 ? 10 : 2, Stream | NonBlocking | CloseOnExec, IpProtoTcp);

    internal static int Bind(int socket, byte[] address) => Native.Bind(socket, ref address[0], address.Length);

    internal static int Listen(int socket, int backlog) => Native.Listen(socket, backlog);

    /// <summary>Takes a connection; the address of the other side is written when there is room for it.</summary>
    internal static int Accept(int socket) => Native.Accept(socket, 0, 0, NonBlocking | CloseOnExec);

    /// <summary>Takes a connection, and tells who made it.</summary>
    internal static int Accept(int socket, out byte[] peer)
    {
        peer = new byte[Wildcard];
        var length = peer.Length;
        return Native.Accept(socket, ref peer[0], ref length, NonBlocking | CloseOnExec);
    }

    /// <summary>The address that the other side connected to; empty when it cannot be read.</summary>
    internal static byte[] LocalAddress(int socket)
    {
        var address = new byte[Wildcard];
        var length = address.Length;
        return Native.GetSocketName(socket, ref address[0], ref length) == 0 ? address : [];
    }

    internal static int Connect(int socket, byte[] address) => Native.Connect(socket, ref address[0], address.Length);

    internal static int Receive(int socket, Span<byte> buffer) =>
        (int)Native.Receive(socket, ref MemoryMarshal.GetReference(buffer), buffer.Length, 0);

    internal static int Send(int socket, ReadOnlySpan<byte> buffer) =>
        (int)Native.Send(socket, ref MemoryMarshal.GetReference(buffer), buffer.Length, NoSignal);

    internal static int Shutdown(int socket) => Native.Shutdown(socket, ShutWrite);

    internal static int Close(int descriptor) => Native.Close(descriptor);

    internal static int SetOption(int socket, int level, int option, int value) =>
        Native.SetSocketOption(socket, level, option, ref value, sizeof(int));

    /// <summary>Makes the next close(2) a reset (SO_LINGER with a time of zero, socket(7)).</summary>
    internal static void ResetOnClose(int socket)
    {
        var linger = 1L; // struct linger { int l_onoff = 1; int l_linger = 0; }, little endian
        _ = Native.SetSocketOption(socket, SolSocket, SoLinger, ref linger, sizeof(long));
    }

    /// <summary>Reads and clears the error of a socket.</summary>
    internal static Error TakeError(int socket)
    {
        var (error, length) = (0, sizeof(int));
        return Native.GetSocketOption(socket, SolSocket, SoError, ref error, ref length) == 0 ? (Error)error : LastError;
    }

    internal static int CreateEpoll() => Native.EpollCreate(CloseOnExec);

    internal static int ControlEpoll(int epoll, int operation, int descriptor, ref byte happening) =>
        Native.EpollControl(epoll, operation, descriptor, ref happening);

    internal static int WaitEpoll(int epoll, ref byte happenings, int most, int timeout) => Native.EpollWait(epoll, ref happenings, most, timeout);

    internal static int CreateSignal() => Native.EventDescriptor(0, NonBlocking | CloseOnExec);

    internal static void Raise(int signal)
    {
        var one = 1L;
        _ = Native.Write(signal, ref one, sizeof(long));
    }

    internal static void Lower(int signal)
    {
        var count = 0L;
        _ = Native.Read(signal, ref count, sizeof(long));
    }

    /// <summary>How many files this process may have open.</summary>
    internal static long LargestFileCount()
    {
        var limits = new ulong[2];
        return Native.GetResourceLimit(NoFileLimit, ref limits[0]) == 0 ? (long)Math.Min(limits[0], int.MaxValue) : 1024;
    }

    private static class Native
    {
        private const string Library = "libc";

        [DllImport(Library, EntryPoint = "socket", SetLastError = true)]
        internal static extern int Socket(int domain, int type, int protocol);

        [DllImport(Library, EntryPoint = "bind", SetLastError = true)]
        internal static extern int Bind(int socket, ref byte address, int length);

        [DllImport(Library, EntryPoint = "listen", SetLastError = true)]
        internal static extern int Listen(int socket, int backlog);

        [DllImport(Library, EntryPoint = "accept4", SetLastError = true)]
        internal static extern int Accept(int socket, nint address, nint length, int flags);

        [DllImport(Library, EntryPoint = "accept4", SetLastError = true)]
        internal static extern int Accept(int socket, ref byte address, ref int length, int flags);

        [DllImport(Library, EntryPoint = "getsockname", SetLastError = true)]
        internal static extern int GetSocketName(int socket, ref byte address, ref int length);

        [DllImport(Library, EntryPoint = "connect", SetLastError = true)]
        internal static extern int Connect(int socket, ref byte address, int length);

        [DllImport(Library, EntryPoint = "recv", SetLastError = true)]
        internal static extern nint Receive(int socket, ref byte buffer, nint length, int flags);

        [DllImport(Library, EntryPoint = "send", SetLastError = true)]
        internal static extern nint Send(int socket, ref byte buffer, nint length, int flags);

        [DllImport(Library, EntryPoint = "shutdown", SetLastError = true)]
        internal static extern int Shutdown(int socket, int how);

        [DllImport(Library, EntryPoint = "close", SetLastError = true)]
        internal static extern int Close(int descriptor);

        [DllImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
        internal static extern int SetSocketOption(int socket, int level, int option, ref int value, int length);

        [DllImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
        internal static extern int SetSocketOption(int socket, int level, int option, ref long value, int length);

        [DllImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
        internal static extern int GetSocketOption(int socket, int level, int option, ref int value, ref int length);

        [DllImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
        internal static extern int EpollCreate(int flags);

        [DllImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
        internal static extern int EpollControl(int epoll, int operation, int descriptor, ref byte happening);

        [DllImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
        internal static extern int EpollWait(int epoll, ref byte happenings, int most, int timeout);

        [DllImport(Library, EntryPoint = "eventfd", SetLastError = true)]
        internal static extern int EventDescriptor(uint initial, int flags);

        [DllImport(Library, EntryPoint = "read", SetLastError = true)]
        internal static extern nint Read(int descriptor, ref long buffer, nint length);

        [DllImport(Library, EntryPoint = "write", SetLastError = true)]
        internal static extern nint Write(int descriptor, ref long buffer, nint length);

        [DllImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
        internal static extern int GetResourceLimit(int resource, ref ulong limits);
    }
}
