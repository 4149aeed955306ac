using Interlook.Collections;

namespace Interlook.Extensions.Docker;

/// <summary>What a container means for publication. Immutable.</summary>
internal sealed record ContainerReading
{
    /// <summary>It does not run, or asks for nothing.</summary>
    internal static ContainerReading Nothing { get; } = new();

    /// <summary>What it gives to services.</summary>
    internal EquatableArray<ServicePart> Parts { get; init; }

    /// <summary>What it asks for and cannot have.</summary>
    internal EquatableArray<Refusal> Refusals { get; init; }

    internal bool IsNothing => Parts.Count + Refusals.Count == 0;
}
