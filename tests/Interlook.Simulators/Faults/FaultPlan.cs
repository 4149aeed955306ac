namespace Interlook.Simulators.Faults;

/// <summary>The faults still to come, in the order in which they were planned. Safe for concurrent use.</summary>
public sealed class FaultPlan
{
    private readonly Lock gate = new();
    private readonly List<(Fault Fault, int Left)> planned = [];

    /// <summary>Plans a fault.</summary>
    public void Add(Fault fault)
    {
        lock (gate)
            planned.Add((fault, fault.Times));
    }

    /// <summary>Forgets what has not happened yet.</summary>
    public void Clear()
    {
        lock (gate)
            planned.Clear();
    }

    /// <summary>Takes the first fault that means a request.</summary>
    /// <returns>Null when it is answered as usual.</returns>
    internal Fault? Take(string method, string path, string body)
    {
        lock (gate)
        {
            var index = planned.FindIndex(each => (each.Fault.Matches?.Invoke(method, path) ?? true) && (each.Fault.MatchesBody?.Invoke(body) ?? true));
            if (index < 0)
                return null;
            var (fault, left) = planned[index];
            if (left > 1)
                planned[index] = (fault, left - 1);
            else
                planned.RemoveAt(index);
            return fault;
        }
    }
}
