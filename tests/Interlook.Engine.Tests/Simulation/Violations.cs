namespace Interlook.Engine.Tests.Simulation;

/// <summary>The promises that a run saw broken.</summary>
internal sealed class Violations
{
    private readonly List<(int Promise, string What)> seen = [];

    public IReadOnlyList<(int Promise, string What)> Seen => seen;

    public void Add(int promise, string what)
    {
        if (seen.Count < 20)
            seen.Add((promise, what));
    }

    public override string ToString() => string.Join("\n", seen.Select(each => $"  promise {each.Promise}: {each.What}"));
}
