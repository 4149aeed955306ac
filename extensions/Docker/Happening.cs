using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>What a watch has to deal with next. A closed set.</summary>
internal abstract record Happening
{
    private Happening()
    {
    }

    /// <summary>The event stream said something of a container; where the event carries labels, it gives them.</summary>
    internal sealed record Touched(string Id, string Action, Dictionary<string, string>? Labels) : Happening;

    /// <summary>The event stream ended, or failed.</summary>
    internal sealed record StreamEnded(Exception? Failure) : Happening;

    /// <summary>It is time for a resync.</summary>
    internal sealed record ResyncDue : Happening
    {
        internal static ResyncDue Instance { get; } = new();
    }

    /// <summary>It is time to see whether the public host has moved.</summary>
    internal sealed record HostDue : Happening
    {
        internal static HostDue Instance { get; } = new();
    }

    /// <summary>A listing came in, or failed.</summary>
    internal sealed record Listed(IReadOnlyList<ContainerSummary> Containers, Exception? Failure) : Happening;

    /// <summary>An inspection ended: with the container and the one whose network it uses, with neither when it has gone, or with a failure.</summary>
    internal sealed record Inspected(string Id, ContainerInspect? Container, ContainerInspect? Followed, Exception? Failure) : Happening;
}
