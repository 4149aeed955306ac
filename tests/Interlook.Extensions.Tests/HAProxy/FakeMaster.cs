using System.Net.Sockets;
using System.Text;
using Interlook.Fixtures;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>A master socket that answers what a test wants, to force faults that a healthy HAProxy does not show.</summary>
internal sealed class FakeMaster : IAsyncDisposable
{
    /// <summary>A whole answer to <c>show proc</c>.</summary>
    public const string Processes = """
        #<PID>          <type>          <reloads>       <uptime>        <version>
        100             master          0 [failed: 0]   0d00h00m01s     2.6.12
        # workers
        101             worker          0               0d00h00m01s     2.6.12
        # programs


        """;

    private readonly TemporaryFolder folder = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public FakeMaster()
    {
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        serving = ServeAsync();
    }

    public string Path => folder.File("master.sock");

    /// <summary>From a line of commands to the answer; null never answers.</summary>
    public Func<string, string?> Answer { get; set; } = _ => Processes;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        listener.Dispose();
        stop.Dispose();
        folder.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.AcceptAsync(stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        using (client)
        {
            try
            {
                var buffer = new byte[16 * 1024];
                var received = await client.ReceiveAsync(buffer, stop.Token);
                if (Answer(Encoding.ASCII.GetString(buffer, 0, received)) is { } answer)
                    await client.SendAsync(Encoding.ASCII.GetBytes(answer), stop.Token);
                else
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The test has ended.
            }
        }
    }
}
