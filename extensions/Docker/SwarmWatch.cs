using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;

namespace Interlook.Extensions.Docker;

/// <summary>
/// One watch of one swarm: events and time only say when to look; every look reads services, tasks and nodes, and is a snapshot.
/// </summary>
internal sealed class SwarmWatch(SwarmReader reader, DockerClient client, SwarmOptions options, TimeProvider time)
{
    private static readonly string[] Actions = ["create", "update", "remove", "start", "die", "health_status"];

    // Unbounded for the same reason as in DockerWatch: the reader of events may never wait. All that waits is taken at once.
    private readonly Channel<Sign> signs = Channel.CreateUnbounded<Sign>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);
    private readonly SwarmPace pace = new(options.PollInterval);

    /// <summary>Follows the swarm until it fails or <paramref name="stopping"/> is cancelled.</summary>
    internal async IAsyncEnumerable<ProviderEvent> RunAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await client.NegotiateAsync(stopping);
        var feed = new EventFeed(
            client, ["service", "node", "container"], Actions, Pass, failure => signs.Writer.TryWrite(new Sign(null, true, failure)), time);
        if (options.Watch)
            await feed.OpenAsync(life.Token);
        await using var timer = time.CreateTimer(_ => signs.Writer.TryWrite(new Sign(null, false, null)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            var before = ImmutableDictionary<string, ServicePart>.Empty;
            SwarmReading? last = null;
            while (true)
            {
                var reading = await reader.ReadAsync(stopping);
                foreach (var name in TakeWithdrawn(before, reading))
                    yield return new ProviderEvent.Withdrawn(name);
                yield return new ProviderEvent.Snapshot(reading.Services);
                if (last?.Rejections != reading.Rejections)
                    yield return new ProviderEvent.Rejections(reading.Rejections);
                before = reading.Parts;
                last = reading;
                timer.Change(pace.Next(reading.IsConverging), Timeout.InfiniteTimeSpan);
                await WaitAsync(feed, life.Token);
            }
        }
        finally
        {
            await life.CancelAsync();
        }
    }

    // A service that an event reported removed, and that a successful reading no longer has, has gone by the platform's own word.
    private List<string> TakeWithdrawn(ImmutableDictionary<string, ServicePart> before, SwarmReading reading)
    {
        var still = reading.Services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        var withdrawn = removed
            .Where(id => !reading.Parts.ContainsKey(id))
            .Select(id => before.GetValueOrDefault(id)?.Service)
            .OfType<string>()
            .Where(name => !still.Contains(name))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        removed.Clear();
        return withdrawn;
    }

    private async Task WaitAsync(EventFeed feed, CancellationToken life)
    {
        await signs.Reader.WaitToReadAsync(life);
        while (signs.Reader.TryRead(out var sign))
        {
            if (sign.IsEnd)
                await feed.ReopenAsync(sign.Failure, life);
            if (sign.RemovedService is { } id)
                removed.Add(id);
            if (sign.IsEnd || sign.IsEvent)
                pace.Hurry();
        }
    }

    private void Pass(DockerEvent happened)
    {
        var concerns = happened.Type switch
        {
            "service" or "node" => true,
            "container" => happened.Actor?.Attributes?.ContainsKey("com.docker.swarm.service.id") is true
                && happened.Action is { } action && !action.StartsWith("exec_", StringComparison.Ordinal),
            _ => false,
        };
        if (concerns)
            signs.Writer.TryWrite(new Sign(happened is { Type: "service", Action: "remove" } ? happened.Actor?.ID : null, false, null, IsEvent: true));
    }

    /// <summary>A reason to look again: an event, the end of the event stream, or the time.</summary>
    private readonly record struct Sign(string? RemovedService, bool IsEnd, Exception? Failure, bool IsEvent = false);
}
