using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>
/// What the status of a Service shall say. Immutable. Its texts are made when they are asked for: one is kept for every Service, and what they are
/// made of is there in any case.
/// </summary>
/// <param name="Applied">Where the Service is published; null where it is not.</param>
/// <param name="Failure">Why it is not published as it shall be; null when it is.</param>
/// <param name="WithHostNames">Whether host names are written beside the address.</param>
internal sealed record WantedStatus(ServiceDefinition? Applied, StepFailure? Failure, bool WithHostNames)
{
    /// <summary>The type of our condition.</summary>
    internal const string ConditionType = "interlook.io/Published";

    /// <summary>Longest message of a condition that the server takes is 32,768 characters; nobody reads so many.</summary>
    private const int LongestMessage = 1024;

    /// <summary>Nothing of ours.</summary>
    internal static WantedStatus None { get; } = new(null, null, false);

    /// <summary>True when nothing shall be ours.</summary>
    internal bool IsNothing => Applied is null && Failure is null;

    /// <summary>Where the Service is reached.</summary>
    internal EquatableArray<LoadBalancerIngress> Ingress => Applied is null ? [] : IngressOf(Applied);

    /// <summary>The status of our condition; null for none.</summary>
    internal bool? IsPublished => IsNothing ? null : Failure is null;

    /// <summary>The condition's reason, one word in Pascal case.</summary>
    internal string Reason => Failure is null ? "Deployed" : $"{Failure.Reason}";

    /// <summary>The condition's message.</summary>
    internal string Message => Failure is not null ? Cut($"{Failure.Step}: {Failure.Message}")
        : Applied is not null && Ingress.Count > 0 ? $"Published at {ServiceWords.Place(Applied)}."
        : "Published.";

    private string ConditionStatus => IsPublished == true ? Condition.True : Condition.False;

    /// <summary>Whether an object says this already.</summary>
    /// <param name="found">The object.</param>
    /// <param name="isMarked">True when it bears our mark.</param>
    /// <remarks>
    /// Servers before 1.21 drop the conditions of Services. So an address alone counts as published; where our condition stands it has to be right.
    /// </remarks>
    internal bool IsSaidBy(Service found, bool isMarked)
    {
        if (IsNothing)
            return !isMarked;
        var condition = ConditionOf(found);
        return isMarked
            && IsReachedAsIn(found)
            && (condition is not { } standing || Says(standing));
    }

    /// <summary>Whether an object says so of the places where the Service is reached.</summary>
    internal bool IsReachedAsIn(Service found) => Ingress.SequenceEqual(found.Status.LoadBalancer.Ingress);

    /// <summary>Our condition as it shall be; null for none.</summary>
    internal WrittenCondition? ConditionFor(Service found, TimeProvider time) => IsNothing
        ? null
        : new(ConditionType, ConditionStatus, Reason, Message, WrittenCondition.SinceWhen(ConditionOf(found), ConditionStatus, time));

    /// <summary>What an operator is told of a status that is not as it shall be.</summary>
    internal string Difference(Service found)
    {
        var (wanted, said) = (Show(Ingress), Show(found.Status.LoadBalancer.Ingress));
        return wanted == said ? $"the condition {ConditionType} of the Service is not ours" : $"the Service's status says {said} instead of {wanted}";
    }

    private static Condition? ConditionOf(Service found) =>
        found.Status.Conditions.Where(condition => condition.Type == ConditionType).Select(condition => (Condition?)condition).FirstOrDefault();

    private static string Show(IEnumerable<LoadBalancerIngress> ingress) =>
        string.Join(", ", ingress.Select(each => each.Ip ?? each.Hostname)) is { Length: > 0 } text ? text : "nothing";

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";

    private bool Says(Condition condition) =>
        condition.Status == ConditionStatus && condition.Reason == Reason && condition.Message == Message;

    // An address and a name are two entries: who reads them takes from each what it knows. A wildcard is no name that the server takes.
    private EquatableArray<LoadBalancerIngress> IngressOf(ServiceDefinition definition)
    {
        var ingress = new List<LoadBalancerIngress>();
        if (definition.PublicIp is { } address)
            ingress.Add(new() { Ip = address.ToString() });
        if (WithHostNames)
            ingress.AddRange(definition.DnsNames.Where(name => !name.StartsWith('*')).Select(name => new LoadBalancerIngress { Hostname = name }));
        return [.. ingress];
    }
}
