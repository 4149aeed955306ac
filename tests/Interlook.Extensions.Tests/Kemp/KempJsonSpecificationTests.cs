namespace Interlook.Extensions.Tests.Kemp;

/// <summary>The second interface, JSON.</summary>
public sealed class KempJsonSpecificationTests : KempSpecification
{
    protected override string Api => "v2";
}
