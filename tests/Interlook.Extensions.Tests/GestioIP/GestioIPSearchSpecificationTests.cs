using Interlook.Simulators.GestioIP;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>The kit, on a GestioIP where every guess turns out the other way: hosts are only found by comment, errors have a status, texts differ.</summary>
public sealed class GestioIPSearchSpecificationTests : GestioIPProvisionerSpecification
{
    protected override void Prepare(GestioIPAppliance gestioip)
    {
        gestioip.Missing.Add("usedNetworkAddresses");
        gestioip.AnswersErrorsWithStatus = true;
        gestioip.CallsReservationsPlural = true;
        (gestioip.HostExists, gestioip.HostAbsent) = ("ERROR: E17", "ERROR: E18");
    }
}
