using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>The tests with Kubernetes that share servers, one after the other; those with a Docker Engine run beside them.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterServers>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Kubernetes servers";
}
