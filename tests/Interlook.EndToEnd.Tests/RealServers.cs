using Interlook.EndToEnd.Tests.Kubernetes;
using Xunit;

namespace Interlook.EndToEnd.Tests;

/// <summary>All tests of this project run one after the other and share the servers that are slow to start.</summary>
[CollectionDefinition(Name)]
public sealed class RealServers : ICollectionFixture<Servers>, ICollectionFixture<ClusterServers>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "real servers";
}
