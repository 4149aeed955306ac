namespace Interlook.Extensions.Consul.Wire;

/// <summary>The answer of <c>GET /v1/catalog/node/NODE</c>; the whole answer is <c>null</c> when there is no such node.</summary>
internal sealed record WireNodeServices
{
    public WireNode Node { get; init; } = new();

    public Dictionary<string, WireService>? Services { get; init; }
}
