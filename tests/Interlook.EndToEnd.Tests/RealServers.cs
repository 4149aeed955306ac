using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>The tests that share a Docker Engine and a Consul, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RealServers : ICollectionFixture<Servers>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "real servers";
}
