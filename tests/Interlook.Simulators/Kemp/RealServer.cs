namespace Interlook.Simulators.Kemp;

/// <summary>A real server of a virtual service, as the appliance keeps it.</summary>
internal sealed class RealServer
{
    internal required int Index { get; init; }

    internal required int ServiceIndex { get; init; }

    internal required string Address { get; init; }

    internal required string DnsName { get; init; }

    internal required int Port { get; set; }

    internal string Forward { get; set; } = "nat";

    internal int Weight { get; set; } = 1000;

    internal int Limit { get; set; }

    internal int RateLimit { get; set; }

    internal bool Enabled { get; set; } = true;

    internal bool Critical { get; set; }

    /// <summary>True when it was added as one outside the appliance's networks.</summary>
    internal bool NonLocal { get; set; }

    /// <summary>When its first check is over.</summary>
    internal required DateTimeOffset CheckedFrom { get; init; }

    /// <summary>Its element, in the order that was recorded.</summary>
    internal Element Describe(string status) => Element.Row("Rs",
    [
        Element.Of("Status", status),
        Element.Number("VSIndex", ServiceIndex),
        Element.Number("RsIndex", Index),
        Element.Of("Addr", Address),
        Element.Number("Port", Port),
        Element.Of("DnsName", DnsName),
        Element.Of("Forward", Forward),
        Element.Number("Weight", Weight),
        Element.Number("Limit", Limit),
        Element.Number("RateLimit", RateLimit),
        Element.Number("Follow", 0),
        Element.Flag("Enable", Enabled),
        Element.Flag("Critical", Critical),
        Element.Number("Nrules", 0),
    ]);
}
