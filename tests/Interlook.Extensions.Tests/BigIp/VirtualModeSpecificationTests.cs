using Interlook.Services;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary><c>lb.f5ltm</c> with a virtual server for each service.</summary>
public sealed class VirtualModeSpecificationTests : BigIpProvisionerSpecification
{
    protected override bool UsesPolicies => false;

    protected override Task PlaceForeignAsync(ServiceDefinition definition)
    {
        Bed.Appliance.Edit("POST", "/tm/ltm/virtual", BigIpBed.Body(
            $$"""{"name":"foreign","partition":"theirs","destination":"{{definition.PublicIp}}:80","ipProtocol":"tcp"}"""));
        return Task.CompletedTask;
    }

    protected override Task RemoveForeignAsync(ServiceDefinition definition)
    {
        Bed.Appliance.Edit("DELETE", "/tm/ltm/virtual/~theirs~foreign");
        return Task.CompletedTask;
    }

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        Bed.Appliance.Edit("DELETE", $"/tm/ltm/virtual/~interlook~{BigIpBed.NameOf(key.Service)}");
        return Task.CompletedTask;
    }
}
