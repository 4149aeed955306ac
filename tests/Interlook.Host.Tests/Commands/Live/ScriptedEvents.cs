using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interlook.Host.Tests.Commands.Live;

/// <summary>An HTTP server that answers each connection with the next of its scripts, and then ends it or leaves it open.</summary>
internal sealed class ScriptedEvents : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    /// <param name="scripts">The bodies, in order; one that ends with <see cref="Open"/> is not ended. After the last, connections are closed at once.</param>
    public ScriptedEvents(params string[] scripts)
    {
        listener.Start();
        serving = ServeAsync(scripts);
    }

    public const string Open = "…";

    public Uri Url => new($"http://{listener.LocalEndpoint}");

    public static string Event(string name, string json) => $"id: 1\nevent: {name}\ndata: {json}\n\n";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeAsync(string[] scripts)
    {
        var open = new List<TcpClient>();
        try
        {
            foreach (var script in scripts)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                open.Add(client);
                await AnswerAsync(client, script);
            }
            while (true)
                (await listener.AcceptTcpClientAsync(stopping.Token)).Dispose();
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The test is over.
        }
        foreach (var client in open)
            client.Dispose();
    }

    private async Task AnswerAsync(TcpClient client, string script)
    {
        var stream = client.GetStream();
        using var lines = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await lines.ReadLineAsync(stopping.Token) is { Length: > 0 })
        {
        }
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + script.Replace(Open, "", StringComparison.Ordinal)), stopping.Token);
        if (!script.EndsWith(Open, StringComparison.Ordinal))
            client.Dispose();
    }
}
