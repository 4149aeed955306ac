using Interlook.Batching;

namespace Interlook.Extensions.BigIp;

/// <summary>A change under way in a commit. A failure of its own takes it out and leaves the others in.</summary>
internal sealed class ServiceWork(PendingCommit<ServiceChange, bool> pending)
{
    internal ServiceChange Change => pending.Request;

    internal WantedService? Wanted => Change.Wanted;

    /// <summary>What went wrong with this one alone.</summary>
    internal ExtensionException? Failure { get; private set; }

    internal bool IsAlive => Failure is null;

    internal void Fail(ExtensionException failure) => Failure ??= failure;

    internal void Say()
    {
        if (Failure is { } failure)
            pending.Fail(failure);
        else
            pending.Succeed(true);
    }

    /// <summary>Says only what went wrong; the rest is not known.</summary>
    internal void SayFailure()
    {
        if (Failure is { } failure)
            pending.Fail(failure);
    }
}
