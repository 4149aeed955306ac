using System.Text;
using System.Threading.Channels;

namespace Interlook.Host.Logging;

/// <summary>
/// Writes lines to a stream from one task, so that whoever logs never waits for a disk or a pipe. When the stream cannot keep up, lines
/// are dropped and counted rather than held back.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private const int Backlog = 16_384;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Func<Stream> open;
    private readonly Channel<string> lines;
    private readonly Task writing;
    private readonly TimeProvider time;
    private long dropped;
    private volatile bool reopen;

    /// <summary>Opens the stream and begins to write.</summary>
    /// <param name="open">Gives the stream; asked again after <see cref="Reopen"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The stream cannot be opened.</exception>
    internal LogWriter(Func<Stream> open, TimeProvider time)
    {
        this.open = open;
        this.time = time;
        // Full: TryWrite fails and the line is counted as dropped.
        lines = Channel.CreateBounded<string>(new BoundedChannelOptions(Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        var stream = open();
        writing = Task.Run(() => WriteAllAsync(stream));
    }

    /// <summary>A writer for the setting <c>core.logFile</c>.</summary>
    internal static LogWriter For(string target, TimeProvider time) => new(
        target.ToLowerInvariant() switch
        {
            "stdout" => Console.OpenStandardOutput,
            "stderr" => Console.OpenStandardError,
            _ => () => new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete),
        },
        time);

    /// <summary>False when the setting names one of the process's own streams.</summary>
    internal static bool IsFile(string target) => target.ToLowerInvariant() is not ("stdout" or "stderr");

    /// <summary>Takes a line; never waits.</summary>
    internal void Write(string line)
    {
        if (!lines.Writer.TryWrite(line))
            Interlocked.Increment(ref dropped);
    }

    /// <summary>Opens the stream again before the next line: what log rotation asks for.</summary>
    internal void Reopen() => reopen = true;

    /// <summary>Writes what is left and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        lines.Writer.TryComplete();
        // A reader that stalls the pipe must not keep the process from ending.
        await Task.WhenAny(writing, Task.Delay(Farewell, time, CancellationToken.None));
    }

    private async Task WriteAllAsync(Stream stream)
    {
        var batch = new StringBuilder();
        while (await lines.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Length < 64 << 10 && lines.Reader.TryRead(out var line))
                batch.Append(line).Append('\n');
            if (Interlocked.Exchange(ref dropped, 0) is > 0 and var lost)
                batch.Append($"{lost} lines are missing here: they came faster than they could be written\n");
            try
            {
                if (reopen)
                {
                    reopen = false;
                    var next = open();
                    await stream.DisposeAsync();
                    stream = next;
                }
                await stream.WriteAsync(Encoding.UTF8.GetBytes(batch.ToString()));
                await stream.FlushAsync();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk or a closed pipe costs log lines, never the service; there is nowhere left to say so.
            }
        }
        await stream.DisposeAsync();
    }
}
