using Interlook.Collections;

namespace Interlook.Engine.Previewing;

/// <summary>What an Interlook that starts now would do first.</summary>
/// <param name="Steps">The calls it would make: by service, each service's in their order.</param>
/// <param name="Held">How many services are withdrawn by their platform and would be held until that is confirmed.</param>
/// <param name="Orphans">What bears our mark and belongs to no entry.</param>
/// <param name="Problems">What could not be read, so that nothing is known of it: the failure's own words.</param>
public sealed record Preview(
    EquatableArray<PreviewedStep> Steps,
    int Held,
    EquatableArray<PreviewedOrphan> Orphans,
    EquatableArray<string> Problems);
