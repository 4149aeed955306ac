using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>What is on the appliance, as far as a commit or a comparison needs it.</summary>
internal sealed class Picture
{
    /// <summary>Pools by name.</summary>
    internal required IReadOnlyDictionary<string, WirePool> Pools { get; init; }

    /// <summary>Virtual servers by name.</summary>
    internal required IReadOnlyDictionary<string, WireVirtual> Virtuals { get; init; }

    /// <summary>The published rules of each policy that the settings name and that exists.</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<WireRule>> Rules { get; init; }

    /// <summary>True when it holds every pool and virtual server of the partition.</summary>
    internal required bool IsComplete { get; init; }

    /// <summary>The nodes; read when they are needed, and kept along with our changes.</summary>
    internal NodeTable? Nodes { get; set; }

    internal WireRule? Rule(string policy, string name) =>
        Rules.GetValueOrDefault(policy)?.FirstOrDefault(rule => rule.Name == name);
}
