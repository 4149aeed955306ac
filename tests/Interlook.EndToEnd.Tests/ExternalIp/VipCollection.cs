using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>The tests that share one laboratory, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class VipCollection : ICollectionFixture<VipsInKubernetes>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "laboratory of the claims mode";
}
