using Interlook.Extensions.Consul.Wire;

namespace Interlook.Extensions.Consul;

/// <summary>What the queries of a watch tell it. A closed set; a failure that concerns all ends the channel instead.</summary>
internal abstract record CatalogSign
{
    private CatalogSign()
    {
    }

    /// <summary>The list of services was read, changed or not.</summary>
    internal sealed record ListRead(Dictionary<string, string[]> Services) : CatalogSign;

    /// <summary>A service was read.</summary>
    internal sealed record ServiceRead(ServiceWatch Watch, List<WireInstance> Instances) : CatalogSign;

    /// <summary>Consul refuses to say anything about one service, whatever the others do.</summary>
    internal sealed record ServiceRefused(ServiceWatch Watch, string Problem) : CatalogSign;
}
