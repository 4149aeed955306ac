namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>Words of the earlier program that its users' manifests hold.</summary>
internal static class WellKnown
{
    internal const string Group = "ipcontroller.ext";

    internal const string Version = "v1";

    internal const string ApiVersion = Group + "/" + Version;

    /// <summary>On a claim: the node that it is assigned to.</summary>
    internal const string NodeLabel = "ipnode";

    /// <summary>On a claim: the address pool that it came from.</summary>
    internal const string PoolLabel = "ip-pool-name";

    /// <summary>On a Service: <c>auto</c> asks for an address.</summary>
    internal const string AddressAnnotation = "external-ip";
}
