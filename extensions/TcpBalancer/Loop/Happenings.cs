using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>
/// An array of <c>struct epoll_event</c> (epoll_ctl(2)): 32 bits of flags and 64 of our own. On x86-64 it is packed, elsewhere the
/// second field is aligned.
/// </summary>
internal sealed class Happenings(int count)
{
    /// <summary>There is something to read.</summary>
    internal const uint In = 0x1;

    /// <summary>There is room to write.</summary>
    internal const uint Out = 0x4;

    /// <summary>The socket has an error: mostly the other side reset it.</summary>
    internal const uint Broken = 0x8;

    /// <summary>Both directions have ended.</summary>
    internal const uint HangUp = 0x10;

    /// <summary>The other side will send no more.</summary>
    internal const uint PeerEnded = 0x2000;

    /// <summary>Wakes one of several epolls that watch the same socket.</summary>
    internal const uint Exclusive = 1u << 28;

    /// <summary>Tells a change once, and not again until there is another.</summary>
    internal const uint EdgeTriggered = 1u << 31;

    private static readonly int Offset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = Offset + 8;

    private readonly byte[] bytes = new byte[count * Size];

    /// <summary>How many there is room for.</summary>
    internal int Count => count;

    /// <summary>Waits for happenings.</summary>
    /// <returns>How many there are; 0 also when a signal came in between.</returns>
    internal int Wait(int epoll, int timeout) => Math.Max(0, Libc.WaitEpoll(epoll, ref bytes[0], count, timeout));

    /// <summary>Reads one.</summary>
    internal (uint Flags, ulong Token) this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref var start = ref bytes[index * Size];
            return (Unsafe.ReadUnaligned<uint>(ref start), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, Offset)));
        }
    }

    /// <summary>Has an epoll watch a descriptor.</summary>
    internal static bool Add(int epoll, int descriptor, uint flags, ulong token)
    {
        Span<byte> one = stackalloc byte[Size];
        Unsafe.WriteUnaligned(ref one[0], flags);
        Unsafe.WriteUnaligned(ref one[Offset], token);
        return Libc.ControlEpoll(epoll, Libc.EpollAdd, descriptor, ref one[0]) == 0;
    }

    /// <summary>Has an epoll no longer watch a descriptor.</summary>
    internal static void Remove(int epoll, int descriptor)
    {
        Span<byte> one = stackalloc byte[Size];
        _ = Libc.ControlEpoll(epoll, Libc.EpollDelete, descriptor, ref one[0]);
    }
}
