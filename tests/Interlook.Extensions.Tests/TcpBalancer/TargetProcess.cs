using Interlook.Fixtures;
using Interlook.Services;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>A target in a process of its own, which may be killed: HAProxy that answers every request with one letter and keeps connections.</summary>
internal sealed class TargetProcess : IAsyncDisposable
{
    private const string Answer = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-type: text/plain\r\n\r\n";

    private readonly TemporaryFolder folder;
    private readonly ServerProcess process;

    private TargetProcess(TemporaryFolder folder, ServerProcess process, int port) => (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>How long an answer is; the letter is its last character.</summary>
    public static int AnswerLength => Answer.Length + 1;

    public int Port { get; }

    public Target Target => new("127.0.0.1", Port);

    public static async Task<TargetProcess> StartAsync(char letter)
    {
        var program = TestMachine.Require("haproxy");
        var (folder, port) = (new TemporaryFolder(), TestMachine.FreePort());
        await File.WriteAllTextAsync(folder.File("target.cfg"), $"""
            global
                maxconn 8000
                nbthread 1
            defaults
                mode http
                timeout client 10m
                timeout connect 5s
                timeout server 5s
            listen target
                bind 127.0.0.1:{port} backlog 4096
                http-request return status 200 content-type text/plain string {letter}

            """);
        var target = new TargetProcess(folder, ServerProcess.Start(program, ["-f", folder.File("target.cfg")]), port);
        await Eventually.TrueAsync("the target answers", async () =>
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        });
        return target;
    }

    /// <summary>Kills it, and waits until its sockets are closed: until then its listener still takes connections, which are lost too.</summary>
    public async Task KillAsync(CancellationToken stopping)
    {
        await process.SignalAsync("KILL");
        await process.WaitForExitAsync(stopping);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }
}
