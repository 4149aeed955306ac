using Interlook.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Interlook.Api.Live;

/// <summary>All streams of GET /events: how many there may be, what they share, and their end. Safe for concurrent use.</summary>
internal sealed class EventStreams(IEngine engine, Overview overview, TimeProvider time, IHostApplicationLifetime lifetime) : IDisposable
{
    /// <summary>Far above the pages that people leave open, far below what would keep other callers out.</summary>
    internal const int Most = 64;

    /// <summary>One stream at a time puts entries into words: whoever looks on takes one processor at most from the work.</summary>
    private readonly SemaphoreSlim composing = new(1);
    private int open;
    private long lastId;

    /// <summary>What is read.</summary>
    public IEngine Engine => engine;

    /// <summary>What is said of the whole.</summary>
    public Overview Overview => overview;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The turn to put entries into words.</summary>
    public SemaphoreSlim Composing => composing;

    /// <summary>The number of the next event, over all streams.</summary>
    public long NextId() => Interlocked.Increment(ref lastId);

    /// <summary>Runs a stream until its client goes, no longer reads, or the API stops.</summary>
    /// <returns>False when there are too many already; nothing was written.</returns>
    public async Task<bool> TryRunAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref open) > Most)
        {
            Interlocked.Decrement(ref open);
            return false;
        }
        try
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await new EventStream(context, this).RunAsync(stopping.Token);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => composing.Dispose();
}
