using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>Addresses that Services may be given (IpClaimPool, <c>ipcontroller.ext/v1</c>).</summary>
internal sealed record ClaimPool
{
    public string ApiVersion { get => field ?? WellKnown.ApiVersion; init; }

    public string Kind { get => field ?? "IpClaimPool"; init; }

    public ClaimMeta Metadata { get => field ??= new(); init; }

    public ClaimPoolSpec Spec { get => field ??= new(); init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>What an address pool holds.</summary>
internal sealed record ClaimPoolSpec
{
    /// <summary>The network; its prefix length is that of every address of the pool.</summary>
    public string Cidr { get => field ?? ""; init; }

    /// <summary>Pairs of first and last address; none means the whole network.</summary>
    public ImmutableArray<ImmutableArray<string>> Ranges { get => field.IsDefault ? [] : field; init; }

    /// <summary>Which address went to which claim. Derived: the claims themselves decide.</summary>
    public ImmutableSortedDictionary<string, string> Allocated { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
