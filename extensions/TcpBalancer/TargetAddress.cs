using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.TcpBalancer.Loop;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>Where a target is reached now. Immutable.</summary>
internal sealed class TargetAddress(IPEndPoint endpoint)
{
    /// <summary>Address and port.</summary>
    public IPEndPoint Endpoint => endpoint;

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => endpoint.AddressFamily;

    /// <summary>The same as the kernel wants it.</summary>
    public byte[] Bytes { get; } = Libc.SocketAddressOf(endpoint);
}
