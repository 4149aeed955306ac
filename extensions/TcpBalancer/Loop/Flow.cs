using System.Buffers;

namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>
/// One direction of a relay: bytes from one socket to the other. What the receiving socket does not take is kept, and nothing more is
/// read until it has gone: that is the back-pressure. Without such a rest it holds no buffer.
/// </summary>
internal struct Flow
{
    /// <summary>The sending side may have something to read.</summary>
    public bool Readable;

    /// <summary>The receiving side may have room.</summary>
    public bool Writable;

    /// <summary>The sending side has ended or broken: a short read no longer means that nothing is left.</summary>
    public bool ReadToEnd;

    /// <summary>Everything of the sending side was read.</summary>
    public bool Ended;

    /// <summary>The end was passed on.</summary>
    public bool Closed;

    private byte[]? rest;
    private int start;
    private int length;

    /// <summary>True when everything was read and passed on.</summary>
    public readonly bool IsDone => Ended && length == 0;

    /// <summary>True once everything was passed on and the receiving side does not know yet that it has ended.</summary>
    public readonly bool WantsClosing => Ended && length == 0 && !Closed;

    /// <summary>Keeps bytes that the receiving side did not take.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        rest = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rest);
        (start, length) = (0, bytes.Length);
    }

    /// <summary>Moves what is there, for at most so many rounds.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">Who receives.</param>
    /// <param name="buffer">The loop's own, used in between.</param>
    /// <param name="rounds">How often to read, so that one connection does not hold up the others.</param>
    /// <param name="moved">Is increased by the bytes that were read.</param>
    public FlowResult Move(int from, int to, Span<byte> buffer, int rounds, ref long moved)
    {
        while (true)
        {
            if (length > 0)
            {
                if (!Writable)
                    return FlowResult.Waits;
                if (!SendRest(to))
                    return FlowResult.Broken;
                if (length > 0)
                    return FlowResult.Waits;
            }
            if (Ended || !Readable || !Writable)
                return FlowResult.Waits;
            if (rounds-- == 0)
                return FlowResult.Goes;
            var read = Libc.Receive(from, buffer);
            if (read < 0)
            {
                var error = Libc.LastError;
                if (error is Libc.Error.Interrupted)
                    continue;
                if (error is not Libc.Error.Again)
                    return FlowResult.Broken;
                Readable = false;
                return FlowResult.Waits;
            }
            if (read == 0)
            {
                Ended = true;
                continue;
            }
            // A short read has emptied a stream socket (epoll(7), questions and answers), unless its end stands behind.
            Readable = read == buffer.Length || ReadToEnd;
            moved += read;
            if (!Send(to, buffer[..read]))
                return FlowResult.Broken;
        }
    }

    /// <summary>Lets go of the rest.</summary>
    public void Drop()
    {
        if (rest is not null)
            ArrayPool<byte>.Shared.Return(rest);
        this = default;
    }

    private bool Send(int to, ReadOnlySpan<byte> bytes)
    {
        var sent = Write(to, bytes);
        if (sent < 0)
            return false;
        if (sent < bytes.Length)
            Keep(bytes[sent..]);
        return true;
    }

    private bool SendRest(int to)
    {
        var sent = Write(to, rest.AsSpan(start, length));
        if (sent < 0)
            return false;
        (start, length) = (start + sent, length - sent);
        if (length == 0)
        {
            ArrayPool<byte>.Shared.Return(rest!);
            rest = null;
        }
        return true;
    }

    private int Write(int to, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var sent = Libc.Send(to, bytes);
            if (sent >= 0)
            {
                Writable = sent == bytes.Length;
                return sent;
            }
            var error = Libc.LastError;
            if (error is Libc.Error.Interrupted)
                continue;
            if (error is not Libc.Error.Again)
                return -1;
            Writable = false;
            return 0;
        }
    }
}
