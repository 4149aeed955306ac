using System.Net;
using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>One name of one service, as it shall stand in the catalog.</summary>
/// <param name="Id">The service ID: unique on our node, the same for the same key and name.</param>
/// <param name="Key">Whose name it is.</param>
/// <param name="Name">Where Consul's DNS finds it.</param>
/// <param name="FullName">The name as the service asks for it.</param>
/// <param name="Address">The answer.</param>
/// <param name="Port">The port in SRV answers.</param>
/// <param name="IsReady">False while the service has no target: Consul then gives no answer.</param>
internal sealed record Registration(
    string Id, ServiceKey Key, ConsulName Name, string FullName, IPAddress Address, int Port, bool IsReady)
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"{Name} of service {Key}";
}
