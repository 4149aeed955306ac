using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Api.Answers;

/// <summary>One address that gets a service's traffic. How it fares stands there where a step of the workflow sees it.</summary>
/// <param name="Host">An IP address or a host name.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">Share of the traffic relative to the other targets; 0 for one that is draining.</param>
internal sealed record TargetAnswer(string Host, int Port, int Weight)
{
    /// <summary><c>unknown</c>, <c>healthy</c>, <c>unhealthy</c>, or <c>draining</c>: no longer wanted, and keeping the connections it has.</summary>
    public string? Health { get; init; }

    /// <summary>Why it is not healthy.</summary>
    public string? Problem { get; init; }

    /// <summary>Connections open now.</summary>
    public int? OpenConnections { get; init; }

    /// <summary>Connections made since it was added.</summary>
    public long? Connections { get; init; }

    /// <summary>Attempts to connect that failed.</summary>
    public long? Failures { get; init; }

    /// <summary>Bytes that clients sent to it.</summary>
    public long? BytesReceived { get; init; }

    /// <summary>Bytes that it sent to clients.</summary>
    public long? BytesSent { get; init; }

    /// <summary>A service's targets, then those that are still draining.</summary>
    public static TargetAnswer[] Of(ServiceDefinition service, ServiceCondition? condition)
    {
        if (condition is null)
            return [.. service.Targets.Select(target => Of(target, null))];
        var answers = new List<TargetAnswer>(condition.Targets.Count);
        foreach (var target in service.Targets)
            answers.Add(Of(target, condition.Targets.FirstOrDefault(each => IsAt(each, target))));
        foreach (var each in condition.Targets)
        {
            if (each.Health == TargetHealth.Draining && !service.Targets.Any(target => IsAt(each, target)))
                answers.Add(Of(each.Target with { Weight = 0 }, each));
        }
        return [.. answers];
    }

    private static bool IsAt(TargetCondition condition, Target target) =>
        condition.Target.Host == target.Host && condition.Target.Port == target.Port;

    private static TargetAnswer Of(Target target, TargetCondition? condition) => new(target.Host, target.Port, target.Weight)
    {
        Health = condition?.Health switch
        {
            null => null,
            TargetHealth.Healthy => "healthy",
            TargetHealth.Unhealthy => "unhealthy",
            TargetHealth.Draining => "draining",
            _ => "unknown",
        },
        Problem = condition?.Problem,
        OpenConnections = condition?.Traffic.Open,
        Connections = condition?.Traffic.Connections,
        Failures = condition?.Traffic.Failures,
        BytesReceived = condition?.Traffic.BytesReceived,
        BytesSent = condition?.Traffic.BytesSent,
    };
}
