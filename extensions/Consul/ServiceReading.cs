using Interlook.Collections;
using Interlook.Providers;

namespace Interlook.Extensions.Consul;

/// <summary>What one look at one service of the catalog gave. Immutable.</summary>
/// <param name="Parts">What its instances give to published services.</param>
/// <param name="Rejections">Instances that ask and cannot have it now.</param>
/// <param name="IsEmpty">True when Consul named no instance at all; while it still lists the service that means nothing.</param>
internal sealed record ServiceReading(EquatableArray<InstancePart> Parts, EquatableArray<Rejection> Rejections, bool IsEmpty)
{
    /// <summary>Nothing asked, or nothing read yet.</summary>
    internal static ServiceReading Nothing { get; } = new([], [], false);

    /// <summary>True when something in it asks for publication.</summary>
    internal bool Asks => Parts.Count > 0 || Rejections.Count > 0;
}
