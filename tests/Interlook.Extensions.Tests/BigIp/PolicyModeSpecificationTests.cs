using Interlook.Services;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary><c>lb.f5ltm</c> with a rule for each service in shared policies.</summary>
public sealed class PolicyModeSpecificationTests : BigIpProvisionerSpecification
{
    protected override bool UsesPolicies => true;

    protected override Task PlaceForeignAsync(ServiceDefinition definition)
    {
        Bed.PlaceRule("foreign", definition.DnsNames[0]);
        return Task.CompletedTask;
    }

    protected override Task RemoveForeignAsync(ServiceDefinition definition)
    {
        Bed.EditPolicy(BigIpBed.HttpPolicy, "DELETE", "/foreign");
        return Task.CompletedTask;
    }

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        Bed.EditPolicy(BigIpBed.HttpPolicy, "DELETE", $"/{BigIpBed.NameOf(key.Service)}");
        return Task.CompletedTask;
    }
}
