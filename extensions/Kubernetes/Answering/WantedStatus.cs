using Interlook.Collections;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What the status of a Service shall say. Immutable; equal when it says the same.</summary>
/// <param name="Ingress">Where the Service is reached.</param>
/// <param name="IsPublished">The status of our condition; null for none.</param>
/// <param name="Reason">Its reason, one word in Pascal case.</param>
/// <param name="Message">Its message.</param>
internal sealed record WantedStatus(EquatableArray<LoadBalancerIngress> Ingress, bool? IsPublished, string Reason, string Message)
{
    /// <summary>The type of our condition.</summary>
    internal const string ConditionType = "interlook.io/Published";

    /// <summary>Nothing of ours.</summary>
    internal static WantedStatus None { get; } = new([], null, "", "");

    private string ConditionStatus => IsPublished == true ? Condition.True : Condition.False;

    /// <summary>Whether an object says this already.</summary>
    /// <param name="found">The object.</param>
    /// <param name="isMarked">True when it bears our mark.</param>
    /// <remarks>
    /// Servers before 1.21 drop the conditions of Services. So an address alone counts as published; where our condition stands it has to be right.
    /// </remarks>
    internal bool IsSaidBy(Service found, bool isMarked)
    {
        if (IsPublished is null)
            return !isMarked;
        var condition = ConditionOf(found);
        return isMarked
            && IsReachedAsIn(found)
            && (condition is null || Says(condition));
    }

    /// <summary>Whether an object says so of the places where the Service is reached.</summary>
    internal bool IsReachedAsIn(Service found) => Ingress.SequenceEqual(found.Status.LoadBalancer?.Ingress ?? []);

    /// <summary>Since when our condition has been as it shall be.</summary>
    internal DateTimeOffset SinceWhen(Service found, TimeProvider time) =>
        ConditionOf(found) is { LastTransitionTime: { } since } condition && condition.Status == ConditionStatus ? since : time.GetUtcNow();

    /// <summary>What an operator is told of a status that is not as it shall be.</summary>
    internal string Difference(Service found)
    {
        var (wanted, said) = (Show(Ingress), Show(found.Status.LoadBalancer?.Ingress ?? []));
        return wanted == said ? $"the condition {ConditionType} of the Service is not ours" : $"the Service's status says {said} instead of {wanted}";
    }

    private static Condition? ConditionOf(Service found) => found.Status.Conditions.FirstOrDefault(condition => condition.Type == ConditionType);

    private static string Show(IEnumerable<LoadBalancerIngress> ingress) =>
        string.Join(", ", ingress.Select(each => each.Ip ?? each.Hostname)) is { Length: > 0 } text ? text : "nothing";

    private bool Says(Condition condition) =>
        condition.Status == ConditionStatus && condition.Reason == Reason && condition.Message == Message;
}
