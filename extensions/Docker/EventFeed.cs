using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>The event stream of one watch: opened, read to its end, and opened once more when the end was an ordinary one.</summary>
/// <param name="client">The daemon.</param>
/// <param name="types">The types of events wanted.</param>
/// <param name="actions">The actions wanted.</param>
/// <param name="take">Gets every event, in order; may not wait, or the daemon drops events.</param>
/// <param name="ended">Told of the stream's end, with the failure that caused it or null.</param>
/// <param name="time">The clock.</param>
internal sealed class EventFeed(
    DockerClient client,
    string[] types,
    string[] actions,
    Action<DockerEvent> take,
    Action<Exception?> ended,
    TimeProvider time)
{
    /// <summary>A stream that ends sooner than this is a fault; a later end is a daemon that restarts or a proxy that cuts idle streams.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(5);

    private long openedAt;

    /// <summary>Opens the stream; events come from now on.</summary>
    internal async Task OpenAsync(CancellationToken life)
    {
        var stream = await client.OpenEventsAsync(types, actions, life);
        openedAt = time.GetTimestamp();
        _ = ReadAsync(stream, life);
    }

    /// <summary>Opens the stream again after its end: one fresh try at once.</summary>
    /// <param name="failure">What ended it; null for an ordinary end.</param>
    /// <param name="life">Cancelled with the watch.</param>
    /// <exception cref="ExtensionException">It did not end in an ordinary way, or cannot be opened: the engine waits and watches again.</exception>
    internal async Task ReopenAsync(Exception? failure, CancellationToken life)
    {
        if (failure is not null)
            throw failure;
        if (time.GetElapsedTime(openedAt) < ShortLife)
        {
            throw new ExtensionException(
                Reason.Unavailable,
                $"Docker at {client.Endpoint.Text} ended the event stream soon after it was opened: look at the daemon, or at what stands between, for a limit on long answers");
        }
        await client.NegotiateAsync(life);
        await OpenAsync(life);
    }

    private async Task ReadAsync(DockerEventStream stream, CancellationToken life)
    {
        Exception? failure = null;
        try
        {
            await using (stream)
                await stream.ReadAsync(take, life);
        }
        catch (Exception caught)
        {
            failure = caught;
        }
        ended(failure);
    }
}
