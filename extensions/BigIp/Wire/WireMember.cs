namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A member of a pool.</summary>
internal sealed record WireMember
{
    /// <summary>The node's name and the port: <c>10.0.0.1:80</c>, for an IPv6 address <c>2001:db8::1.80</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The node's partition.</summary>
    public string? Partition { get; init; }

    public string? Address { get; init; }

    public int? Ratio { get; init; }

    /// <summary>Written <c>user-enabled</c> or <c>user-disabled</c>; read also <c>monitor-enabled</c>.</summary>
    public string? Session { get; init; }

    /// <summary>Written <c>user-up</c> or <c>user-down</c>; read also what the monitor sees.</summary>
    public string? State { get; init; }
}
