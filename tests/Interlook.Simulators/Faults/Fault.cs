namespace Interlook.Simulators.Faults;

/// <summary>Something that goes wrong with requests.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Matches">Whether a request is meant, by its method and its path with query: <c>GET</c>, <c>/access/listvs?x=1</c>. Null: every one.</param>
/// <param name="Times">How many requests it meets before it is over.</param>
public sealed record Fault(FaultKind Kind, Func<string, string, bool>? Matches = null, int Times = 1)
{
    /// <summary>Whether a request is meant, by its body: for appliances that take the name of the operation there. Null: every one.</summary>
    public Func<string, bool>? MatchesBody { get; init; }

    /// <summary>How long a late answer takes.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The status of a refusal.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The body of a refusal.</summary>
    public string Body { get; init; } = "";

    /// <summary>The type of a refusal's body.</summary>
    public string ContentType { get; init; } = "text/html";
}
