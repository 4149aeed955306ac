using Interlook.Collections;

namespace Interlook.Extensions.Kemp;

/// <summary>A virtual service as the appliance has it.</summary>
internal sealed record VirtualService
{
    /// <summary>Its number, for messages.</summary>
    internal required string Index { get; init; }

    /// <summary>Where it listens.</summary>
    internal required ServicePlace Place { get; init; }

    /// <summary>Its nickname; empty when it has none.</summary>
    internal required string Nickname { get; init; }

    /// <summary>Its elements, by name. Unset ones are missing.</summary>
    internal required IReadOnlyDictionary<string, string> Elements { get; init; }

    /// <summary>Its real servers, as far as the answer named them.</summary>
    internal required EquatableArray<RealServer> Servers { get; init; }

    /// <summary>How many real servers it has.</summary>
    internal required int ServerCount { get; init; }

    /// <summary>False when an answer counted real servers and did not name them.</summary>
    internal bool IsWhole => Servers.Count >= ServerCount;

    /// <summary>For messages.</summary>
    public override string ToString() => $"virtual service {Index} at {Place}{(Nickname == "" ? "" : $" '{Nickname}'")}";
}
