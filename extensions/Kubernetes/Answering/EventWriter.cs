using System.Threading.Channels;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>
/// Writes Events beside the work, slowly: of each entry what is newest, when its turn comes. An Event is a courtesy; one that cannot be written is
/// dropped, and nothing waits for it.
/// </summary>
internal sealed partial class EventWriter(IInformer<Service> services, IStatusServer server, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>Events written at once after a quiet time; then one each <see cref="Pace"/>.</summary>
    private const int Burst = 50;

    private const string Component = "interlook";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Queue<ServiceKey> turns = new();
    private readonly Dictionary<ServiceKey, Announcement> pending = [];

    // One pulse is enough, however much there is to write: a further one is dropped.
    private readonly Channel<bool> pulse = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Lets it be written; an older one of the same entry that still waits is replaced.</summary>
    internal void Say(ServiceKey key, Announcement announcement)
    {
        lock (gate)
        {
            if (!pending.ContainsKey(key))
                turns.Enqueue(key);
            pending[key] = announcement;
        }
        pulse.Writer.TryWrite(true);
    }

    /// <summary>Writes until stopped.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var allowed = (double)Burst;
        var last = time.GetTimestamp();
        while (true)
        {
            while (Next() is var (key, announcement))
            {
                allowed = Math.Min(Burst, allowed + time.GetElapsedTime(last) / Pace);
                last = time.GetTimestamp();
                if (--allowed < 0)
                    await Task.Delay(Pace, time, stopping);
                await WriteAsync(key, announcement, stopping);
            }
            await pulse.Reader.ReadAsync(stopping);
        }
    }

    private (ServiceKey Key, Announcement Announcement)? Next()
    {
        lock (gate)
        {
            if (!turns.TryDequeue(out var key))
                return null;
            pending.Remove(key, out var announcement);
            return (key, announcement!);
        }
    }

    private async Task WriteAsync(ServiceKey key, Announcement announcement, CancellationToken stopping)
    {
        if (!ObjectName.TryParse(key.Service, out var name))
            return;
        try
        {
            await server.CreateAsync(EventOf(name, announcement), stopping);
        }
        catch (ExtensionException failure)
        {
            Log.NotWritten(logger, announcement.Reason, key, failure.Message);
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
