using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Interlook.Bench.Docker;

/// <summary>
/// HTTP/1.1 on one kept connection with blocking calls and nothing else: the least that any client of these servers can do. For one
/// thread.
/// </summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Stream stream;
    private readonly string headers;
    private byte[] buffer = new byte[256 * 1024];
    private int start;
    private int end;

    public RawHttp(EndPoint server)
        : this(Connect(server), "")
    {
    }

    private RawHttp(Stream stream, string headers)
    {
        this.stream = stream;
        this.headers = headers;
    }

    /// <summary>The same over TLS.</summary>
    /// <param name="server">Where.</param>
    /// <param name="authority">Whom the server's certificate comes from.</param>
    /// <param name="token">Who we are.</param>
    public static RawHttp OverTls(IPEndPoint server, X509Certificate2 authority, string token)
    {
        var tls = new SslStream(Connect(server));
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = server.Address.ToString(),
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });
        return new RawHttp(tls, $"Authorization: Bearer {token}\r\n");
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    public void Ask(string method, string path, string body = "", string type = "application/json")
    {
        Send(method, path, body, type);
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
        Send(method, path, body, "application/json");
        ReadHead();
    }

    /// <summary>Waits for the next line of an answer without end; the daemon sends each in a chunk of its own.</summary>
    public ReadOnlySpan<byte> NextLine() => TakeChunk();

    public void Dispose() => stream.Dispose();

    private static NetworkStream Connect(EndPoint server)
    {
        var isUnix = server.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(server.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!isUnix)
            socket.NoDelay = true;
        socket.Connect(server);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private void Send(string method, string path, string body, string type)
    {
        (start, end) = (0, 0);
        var request = $"{method} {path} HTTP/1.1\r\nHost: bench\r\n{headers}Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        stream.Write(Encoding.ASCII.GetBytes(request));
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
            var target = start > 0 ? buffer : new byte[2 * buffer.Length];
            buffer.AsSpan(start, end - start).CopyTo(target);
            (buffer, start, end) = (target, 0, end - start);
        }
        var read = stream.Read(buffer, end, buffer.Length - end);
        if (read == 0)
            throw new EndOfStreamException("the server ended the connection");
        end += read;
    }
}
