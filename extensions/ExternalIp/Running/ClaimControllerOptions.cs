using Interlook.Extensions.ExternalIp.Timing;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>What a node's agent is told.</summary>
internal sealed record ClaimControllerOptions
{
    /// <summary>The node's name, see <see cref="Claims.ClaimName.OfNode"/>.</summary>
    internal required string Name { get; init; }

    /// <summary>
    /// True where several machines may work under one name, and all have its addresses: those of <c>lo</c>, that routers are told of (anycast).
    /// </summary>
    /// <value>Default: false.</value>
    internal bool MayShareName { get; init; }

    /// <summary>The times of the protocol.</summary>
    internal required FenceTimes Times { get; init; }

    /// <summary>
    /// How long a node that is asked to stop waits until the scheduler has moved its claims away, before it gives up what is left.
    /// </summary>
    /// <value>Default: 5 seconds.</value>
    internal TimeSpan DrainPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it then waits until the store knows that they are free.</summary>
    /// <value>Default: 2 seconds.</value>
    internal TimeSpan ReleasePatience { get; init; } = TimeSpan.FromSeconds(2);
}
