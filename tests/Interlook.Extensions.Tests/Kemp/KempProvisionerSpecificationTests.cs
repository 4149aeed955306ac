namespace Interlook.Extensions.Tests.Kemp;

/// <summary>The first interface, XML.</summary>
public sealed class KempProvisionerSpecificationTests : KempProvisionerSpecification
{
    protected override string Api => "v1";
}
