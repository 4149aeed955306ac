using System.Threading.Channels;
using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>
/// Writes Events beside the work, slowly, and none twice in a row: of each entry what is newest, when its turn comes. An Event is a courtesy; one that cannot
/// be written is dropped, and nothing waits for it.
/// </summary>
internal sealed partial class EventWriter(IInformer<Service> services, IStatusServer server, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>Events written at once after a quiet time; then one each <see cref="Pace"/>.</summary>
    private const int Burst = 50;

    private const string Component = "interlook";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();

    /// <summary>The digest of what was last told of each entry, or is going to be: where two are the same by chance, a courtesy is left out.</summary>
    private readonly Dictionary<ServiceKey, (int Digest, bool Waits)> told = [];

    // At a start thousands wait: each once and as it was when it came. What it has become since, if anything, is kept besides.
    private readonly Queue<Entry> turns = new();
    private readonly Dictionary<ServiceKey, Entry> newer = [];

    // One pulse is enough, however much there is to write: a further one is dropped.
    private readonly Channel<bool> pulse = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Lets be written what there is to tell of an entry, unless it was told last; an older Event of it that still waits is replaced.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isChange">False for what stood so before the start: it was told before.</param>
    internal void Tell(Entry entry, bool isChange)
    {
        if (Announcement.Of(entry) is not { Digest: var digest })
            return;
        lock (gate)
        {
            if (told.TryGetValue(entry.Key, out var last) && last.Digest == digest)
                return;
            told[entry.Key] = (digest, last.Waits || isChange);
            if (!isChange)
                return;
            if (last.Waits)
                newer[entry.Key] = entry;
            else
                turns.Enqueue(entry);
        }
        pulse.Writer.TryWrite(true);
    }

    /// <summary>An entry is no more. What waits of it is still written, even when one of its name comes before that.</summary>
    internal void Forget(ServiceKey key)
    {
        lock (gate)
            told.Remove(key);
    }

    /// <summary>Writes until stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var allowed = (double)Burst;
        var last = time.GetTimestamp();
        while (true)
        {
            while (Next() is { } entry)
            {
                allowed = Math.Min(Burst, allowed + time.GetElapsedTime(last) / Pace);
                last = time.GetTimestamp();
                if (--allowed < 0)
                    await Task.Delay(Pace, time, stopping);
                await WriteAsync(entry, stopping);
            }
            await pulse.Reader.ReadAsync(stopping);
        }
    }

    private Entry? Next()
    {
        lock (gate)
        {
            if (!turns.TryDequeue(out var entry))
            {
                turns.TrimExcess(); // so many as at a start do not come again soon
                return null;
            }
            if (newer.Remove(entry.Key, out var changed))
                entry = changed;
            if (told.TryGetValue(entry.Key, out var last))
                told[entry.Key] = (last.Digest, false);
            return entry;
        }
    }

    private async Task WriteAsync(Entry entry, CancellationToken stopping)
    {
        if (!ObjectName.TryParse(entry.Key.Service, out var name) || Announcement.Of(entry) is not { } announcement)
            return;
        try
        {
            await server.CreateAsync(EventOf(name, announcement), stopping);
        }
        catch (ExtensionException failure)
        {
            Log.NotWritten(logger, announcement.Reason, entry.Key, failure.Message);
        }
    }

    private Event EventOf(ObjectName name, Announcement announcement)
    {
        var now = time.GetUtcNow();
        return new()
        {
            // The name has to be new: the time to 100 ns, and chance for two instances in the same moment.
            Metadata = new() { Namespace = name.Namespace, Name = $"{name.Name}.{now.UtcTicks:x}{random.Next(0x1000):x3}" },
            InvolvedObject = new()
            {
                ApiVersion = "v1",
                Kind = "Service",
                Namespace = name.Namespace,
                Name = name.Name,
                Uid = services.Latest?.Find(name)?.Metadata.Uid.ToString(),
            },
            Type = announcement.Type,
            Reason = announcement.Reason,
            Message = announcement.Message,
            Source = new() { Component = Component },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
    }
}
