namespace Interlook.Fixtures.Kubernetes;

/// <summary>The version of the group <c>discovery.k8s.io</c>, which holds EndpointSlices. A server of before 1.21 has one, one since 1.25 the other.</summary>
public enum DiscoveryVersion
{
    /// <summary><c>v1beta1</c>, with a map <c>topology</c> for each endpoint.</summary>
    V1Beta1,

    /// <summary><c>v1</c>, with <c>nodeName</c> and <c>zone</c>.</summary>
    V1,
}
