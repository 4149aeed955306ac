namespace Interlook.Extensions.Consul.Wire;

/// <summary>One of a service instance's tagged addresses.</summary>
internal sealed record WireTaggedAddress
{
    public string Address { get; init; } = "";

    public int Port { get; init; }
}
