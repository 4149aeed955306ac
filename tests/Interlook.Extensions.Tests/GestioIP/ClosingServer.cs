using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>
/// A server that answers the first request of a connection with a page, and at the second one closes in good order without an answer, as a web server does whose
/// process ends. An HTTP client may send such a request again by itself, on another connection.
/// </summary>
internal sealed class ClosingServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Task serving;
    private int requests;

    internal ClosingServer(string page)
    {
        listener.Start();
        serving = ServeAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {Encoding.UTF8.GetByteCount(page)}\r\n\r\n{page}");
    }

    internal Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>How many requests came.</summary>
    internal int Requests => Volatile.Read(ref requests);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await serving;
        ended.Dispose();
    }

    private async Task ServeAsync(string answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ended.Token);
                var stream = client.GetStream();
                await ReceiveAsync(stream);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), ended.Token);
                await ReceiveAsync(stream);
            }
        }
        catch (Exception end) when (ended.IsCancellationRequested && end is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // the test is over
        }
    }

    /// <summary>Receives a request: its head, and the body that the head announces.</summary>
    private async Task ReceiveAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(text.ToString()))
        {
            var count = await stream.ReadAsync(buffer, ended.Token);
            if (count == 0)
                return;
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        Interlocked.Increment(ref requests);
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = request[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return request.Length - end - 4 >= (length is null ? 0 : int.Parse(length["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
