namespace Interlook.Extensions.Kemp;

/// <summary>Where a virtual service listens. The appliance has one service at a place.</summary>
/// <param name="Address">In canonical form.</param>
/// <param name="Port">A number, or <c>*</c> for those that other services leave.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
internal sealed record ServicePlace(string Address, string Port, string Protocol)
{
    internal const string Tcp = "tcp";

    /// <summary>For messages.</summary>
    public override string ToString() =>
        $"{(Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]" : Address)}:{Port}{(Protocol == Tcp ? "" : $"/{Protocol}")}";
}
