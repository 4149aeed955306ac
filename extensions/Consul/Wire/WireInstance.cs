namespace Interlook.Extensions.Consul.Wire;

/// <summary>One element of the answer of <c>GET /v1/health/service/NAME</c>.</summary>
internal sealed record WireInstance
{
    public WireNode Node { get; init; } = new();

    public WireService Service { get; init; } = new();

    public IReadOnlyList<WireCheck>? Checks { get; init; }
}
