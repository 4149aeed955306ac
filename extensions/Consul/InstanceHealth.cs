using Interlook.Extensions.Consul.Wire;

namespace Interlook.Extensions.Consul;

/// <summary>An instance's state: the worst of its own checks and those of its node. An instance without checks is well. Pure.</summary>
internal readonly record struct InstanceHealth
{
    private enum State
    {
        Passing,
        Warning,
        Critical,
        Maintenance,
    }

    private State Worst { get; init; }

    /// <summary>True when nothing is wrong with it.</summary>
    internal bool IsPassing => Worst == State.Passing;

    /// <summary>Judges checks. A status that Consul may invent later counts as critical.</summary>
    internal static InstanceHealth Of(IReadOnlyList<WireCheck> checks) => new()
    {
        Worst = checks.Count == 0 ? State.Passing : checks.Max(StateOf),
    };

    /// <summary>Whether an instance in this state gets traffic. In maintenance, which an operator ordered, it never does.</summary>
    internal bool Satisfies(RequiredHealth required) => required switch
    {
        RequiredHealth.Passing => IsPassing,
        RequiredHealth.Warning => Worst is State.Passing or State.Warning,
        _ => Worst != State.Maintenance,
    };

    private static State StateOf(WireCheck check) => check.Status switch
    {
        WireCheck.Passing => State.Passing,
        WireCheck.Warning => State.Warning,
        _ when check.CheckId == "_node_maintenance" || check.CheckId.StartsWith("_service_maintenance:", StringComparison.Ordinal) => State.Maintenance,
        _ => State.Critical,
    };
}
