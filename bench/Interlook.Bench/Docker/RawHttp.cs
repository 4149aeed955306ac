using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Bench.Docker;

/// <summary>
/// HTTP/1.1 on one kept connection with blocking calls and nothing else: the least that any client of these servers can do. For one
/// thread.
/// </summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket socket;
    private readonly byte[] buffer = new byte[256 * 1024];
    private int start;
    private int end;

    public RawHttp(EndPoint server)
    {
        var isUnix = server.AddressFamily == AddressFamily.Unix;
        socket = new Socket(server.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!isUnix)
            socket.NoDelay = true;
        socket.Connect(server);
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    public void Ask(string method, string path, string body = "")
    {
        Send(method, path, body);
        var (status, length) = ReadHead();
        if (status is < 200 or > 399)
            throw new InvalidOperationException($"{method} {path}: {status}");
        if (length >= 0)
        {
            Take(length);
            return;
        }
        while (!TakeChunk().IsEmpty)
        {
            // The last chunk is empty.
        }
    }

    /// <summary>Sends a request whose answer has no end.</summary>
    public void Open(string method, string path, string body = "")
    {
        Send(method, path, body);
        ReadHead();
    }

    /// <summary>Waits for the next line of an answer without end; the daemon sends each in a chunk of its own.</summary>
    public ReadOnlySpan<byte> NextLine() => TakeChunk();

    public void Dispose() => socket.Dispose();

    private void Send(string method, string path, string body)
    {
        (start, end) = (0, 0);
        var request = $"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        socket.Send(Encoding.ASCII.GetBytes(request));
    }

    private (int Status, int Length) ReadHead()
    {
        int at;
        while ((at = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0)
            Fill();
        var head = Encoding.ASCII.GetString(buffer, start, at);
        start += at + 4;
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return (status, length is not null ? int.Parse(length.AsSpan(15), CultureInfo.InvariantCulture) : status == 204 ? 0 : -1);
    }

    private ReadOnlySpan<byte> TakeChunk()
    {
        int at;
        while ((at = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
            Fill();
        var size = int.Parse(Encoding.ASCII.GetString(buffer, start, at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        start += at + 2;
        return Take(size + 2)[..size];
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        while (end - start < length)
            Fill();
        start += length;
        return buffer.AsSpan(start - length, length);
    }

    private void Fill()
    {
        if (end == buffer.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var read = socket.Receive(buffer, end, buffer.Length - end, SocketFlags.None);
        if (read == 0)
            throw new EndOfStreamException("the server ended the connection");
        end += read;
    }
}
