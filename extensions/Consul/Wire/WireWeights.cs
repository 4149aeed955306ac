namespace Interlook.Extensions.Consul.Wire;

/// <summary>A service instance's share of the traffic, by the state of its checks.</summary>
internal sealed record WireWeights
{
    public int Passing { get; init; } = 1;

    public int Warning { get; init; } = 1;
}
