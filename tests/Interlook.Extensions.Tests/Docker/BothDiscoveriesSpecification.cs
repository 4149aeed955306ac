namespace Interlook.Extensions.Tests.Docker;

/// <summary>The same with <c>discovery: both</c>, where every container is listed and read.</summary>
public sealed class BothDiscoveriesSpecification : DockerProviderSpecification
{
    protected override (string Key, string Text)[] Settings => [("discovery", "both"), ("host", "10.77.66.0")];
}
