namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>What a run saw broken.</summary>
internal sealed class Violations(Clockwork clock)
{
    private readonly List<string> seen = [];

    public IReadOnlyList<string> Seen => seen;

    public void Add(string what)
    {
        if (seen.Count < 10)
            seen.Add($"{clock.Now.TotalSeconds:f3} s: {what}");
    }

    public override string ToString() => string.Join("\n", seen.Select(each => $"  {each}"));
}
