namespace Interlook.Fixtures.Kubernetes;

/// <summary>The faults still to come, in the order in which they were planned. Safe for concurrent use.</summary>
public sealed class ApiFaultPlan
{
    private readonly Lock gate = new();
    private readonly List<(ApiFault Fault, int Left)> planned = [];

    /// <summary>Plans a fault.</summary>
    public void Add(ApiFault fault)
    {
        lock (gate)
            planned.Add((fault, fault.Times));
    }

    /// <summary>Ends a fault, whether or not it happened.</summary>
    public void Remove(ApiFault fault)
    {
        lock (gate)
            planned.RemoveAll(each => ReferenceEquals(each.Fault, fault));
    }

    /// <summary>Ends them all.</summary>
    public void Clear()
    {
        lock (gate)
            planned.Clear();
    }

    /// <summary>Takes the first fault that means a request; null where it goes its usual way.</summary>
    internal ApiFault? Take(ApiCall call)
    {
        lock (gate)
        {
            var index = planned.FindIndex(each => each.Fault.Matches(call));
            if (index < 0)
                return null;
            var (fault, left) = planned[index];
            if (left == 1)
                planned.RemoveAt(index);
            else if (left != ApiFault.UntilRemoved)
                planned[index] = (fault, left - 1);
            return fault;
        }
    }
}
