namespace Interlook.Extensions.Tests.Kemp;

/// <summary>The second interface, JSON.</summary>
public sealed class KempJsonSpecificationTests : KempProvisionerSpecification
{
    protected override string Api => "v2";
}
