using Interlook.Simulators.GestioIP;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>The kit, on a GestioIP that lists a network's hosts, as its source shows it.</summary>
public sealed class GestioIPListSpecificationTests : GestioIPProvisionerSpecification
{
    protected override void Prepare(GestioIPAppliance gestioip) => gestioip.NestsHostList = true;
}
