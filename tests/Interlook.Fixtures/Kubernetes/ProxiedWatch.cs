using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>
/// An open watch that passes through a <see cref="KubernetesProxy"/>: its lines go on as they come, until the server, the client or a test
/// ends it. A test may do so at any time, also when it is over.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither holds a handle, and a test may use them while the watch ends.")]
internal sealed class ProxiedWatch(HttpContext exchange, ApiCall call)
{
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource ended = new();
    private bool over;

    internal ApiCall Call => call;

    /// <summary>Passes lines on until somebody ends it.</summary>
    /// <param name="source">What the server sends.</param>
    /// <param name="passes">Asked at each line whether it goes on.</param>
    internal async Task RunAsync(Stream source, Func<bool> passes)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, exchange.RequestAborted);
        using var lines = new StreamReader(source);
        try
        {
            await exchange.Response.Body.FlushAsync(either.Token); // the client is to see the status before the first event
            while (await lines.ReadLineAsync(either.Token) is { } line)
            {
                if (passes())
                    await WriteAsync(line + "\n");
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // ended, by a test or by the client
        }
        catch (IOException)
        {
            exchange.Abort(); // the server is gone, and so are we
        }
        await writing.WaitAsync();
        over = true;
        writing.Release();
    }

    /// <summary>Writes something the server did not say; nothing once it is over.</summary>
    internal async Task WriteAsync(string text)
    {
        await writing.WaitAsync();
        try
        {
            if (over || ended.IsCancellationRequested)
                return;
            await exchange.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
            await exchange.Response.Body.FlushAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Writes something the server did not say, and ends the answer in good order.</summary>
    internal async Task EndAsync(string text)
    {
        await WriteAsync(text);
        await ended.CancelAsync();
    }

    /// <summary>Ends the connection, or in HTTP/2 the stream.</summary>
    internal async Task AbortAsync()
    {
        await writing.WaitAsync();
        try
        {
            if (!over)
                exchange.Abort();
        }
        finally
        {
            writing.Release();
        }
    }
}
