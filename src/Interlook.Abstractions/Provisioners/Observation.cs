using Interlook.Collections;

namespace Interlook.Provisioners;

/// <summary>What a provisioner saw outside.</summary>
/// <param name="Drifts">Services whose outside state no longer matches what was acknowledged.</param>
/// <param name="Orphans">Objects that bear our mark and belong to no service that was asked about.</param>
public sealed record Observation(EquatableArray<Drift> Drifts, EquatableArray<Orphan> Orphans)
{
    /// <summary>Everything is as it was acknowledged.</summary>
    public static Observation InPlace { get; } = new([], []);
}
