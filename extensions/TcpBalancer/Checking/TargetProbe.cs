using System.Net;
using System.Net.Sockets;
using System.Text;
using Interlook.Configuration;

namespace Interlook.Extensions.TcpBalancer.Checking;

/// <summary>One check of a target. Safe for concurrent use.</summary>
internal sealed class TargetProbe(TcpBalancerOptions options, TimeProvider time)
{
    private const int LongestStatusLine = 512;

    /// <summary>Tries a target.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="host">The Host of a GET request; null to do no more than connect.</param>
    /// <param name="stopping">Ends the check.</param>
    /// <returns>Null when it went well, else what was wrong.</returns>
    public async Task<string?> TryAsync(IPEndPoint endpoint, string? host, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // Closed by a reset: nothing of the check stays behind, here or there.
        socket.LingerState = new LingerOption(true, 0);
        socket.NoDelay = true;
        var connected = false;
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            connected = true;
            if (options.ProxyProtocol)
                await socket.SendAsync(ProxyHeader.Local(), either.Token);
            return host is null ? null : await AskAsync(socket, host, either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            var what = connected ? $"GET {options.CheckPath} of" : "a connection to";
            return $"{what} {endpoint} had no answer within {SettingReaders.Show(options.ConnectTimeout)}";
        }
        catch (SocketException failure)
        {
            var what = connected ? $"GET {options.CheckPath} of" : "a connection to";
            return $"{what} {endpoint} failed: {failure.Message.ToLowerInvariant()}";
        }
    }

    // RFC 9112 section 4: the status line is HTTP-version SP status-code SP [reason].
    private async Task<string?> AskAsync(Socket socket, string host, CancellationToken stopping)
    {
        var request = $"GET {options.CheckPath} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: interlook\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), stopping);
        var buffer = new byte[LongestStatusLine];
        var length = 0;
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), stopping);
            if (read == 0)
                break;
            length += read;
        }
        var words = Encoding.Latin1.GetString(buffer, 0, length).Split('\n')[0].TrimEnd('\r').Split(' ', 3);
        if (words is not [var version, var code, ..] || !version.StartsWith("HTTP/1.", StringComparison.Ordinal)
            || code.Length != 3 || !int.TryParse(code, out var status))
            return $"GET {options.CheckPath} was not answered by HTTP";
        return status is >= 200 and <= 399 ? null : $"GET {options.CheckPath} was answered by {status}";
    }
}
