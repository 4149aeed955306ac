using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>Ways to the API servers of the tests.</summary>
internal static class TestAccess
{
    /// <summary>The access of the administrator, or of whoever a token belongs to.</summary>
    internal static ClusterAccess Of(KubernetesServer server, string token = KubernetesServer.AdminToken) => new()
    {
        Endpoint = server.Endpoint,
        Origin = "the test",
        Authorities = new FixedText(File.ReadAllText(server.AuthorityFile)),
        Credential = new WrittenCredential { Token = new FixedText(token), Origin = "the test" },
    };

    /// <summary>The calls by that access.</summary>
    internal static ApiServer Open(KubernetesServer server, string token = KubernetesServer.AdminToken) =>
        new(Of(server, token), TimeProvider.System, isReadOnly: false);
}
