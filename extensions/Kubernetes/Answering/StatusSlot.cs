using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What is wanted and known of one entry's status. Changed only by who has the entry's turn.</summary>
/// <param name="key">The entry; it is named like a Service.</param>
internal sealed class StatusSlot(ServiceKey key)
{
    private volatile WantedStatus wanted = WantedStatus.None;
    private volatile AcceptedStatus? accepted;
    private volatile bool isWaiting;

    internal ServiceKey Key => key;

    /// <summary>The Service.</summary>
    internal ObjectName Name => ObjectName.TryParse(key.Service, out var name) ? name : throw new InvalidOperationException($"{key} is no Service");

    /// <summary>How soon it is put back. Used by who has the turn.</summary>
    internal PutBackPace Pace => field ??= new(); // few are ever put back

    /// <summary>True while it is going to be put back after a pause: one is enough.</summary>
    internal bool IsWaiting
    {
        get => isWaiting;
        set => isWaiting = value;
    }

    /// <summary>What the status shall say.</summary>
    internal WantedStatus Wanted
    {
        get => wanted;
        set => wanted = value;
    }

    /// <summary>What our last write came to, until it is seen; null when there is nothing to be seen any more.</summary>
    internal AcceptedStatus? Accepted
    {
        get => accepted;
        set => accepted = value;
    }

    /// <summary>Forgets a write that was seen, unless another followed. May be called without the turn.</summary>
    internal void Forget(AcceptedStatus seen) => Interlocked.CompareExchange(ref accepted, null, seen);
}
