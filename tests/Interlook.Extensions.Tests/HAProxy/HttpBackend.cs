using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>A little target: answers every HTTP request with its name and closes, or keeps a connection and echoes when it is not HTTP.</summary>
internal sealed class HttpBackend : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public HttpBackend(string name)
    {
        Name = name;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public string Name { get; }

    public int Port { get; }

    public Services.Target Target(int weight = 1) => new("127.0.0.1", Port, weight);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[4096];
                while (await stream.ReadAsync(buffer, stop.Token) is > 0 and var read)
                {
                    var isHttp = buffer.AsSpan(0, read).StartsWith("GET "u8);
                    var answer = isHttp
                        ? Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Name.Length}\r\nConnection: close\r\n\r\n{Name}")
                        : buffer[..read];
                    await stream.WriteAsync(answer, stop.Token);
                    if (isHttp)
                        return;
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException)
            {
                // Health checks connect and go; the test may end.
            }
        }
    }
}
