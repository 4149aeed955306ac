using System.Net;

namespace Interlook.Host.Quickstart;

/// <summary>What the quickstart was told.</summary>
/// <param name="PagePort">The port of page and API.</param>
/// <param name="DnsPort">The port of the DNS server.</param>
/// <param name="HttpPort">The port of the services on the addresses they lease.</param>
/// <param name="DockerSocket">The socket of the Docker daemon whose containers are published; null publishes the samples.</param>
internal sealed record QuickstartSettings(int PagePort, int DnsPort, int HttpPort, string? DockerSocket)
{
    /// <summary>The zone of the names.</summary>
    internal const string Zone = "example.org";

    /// <summary>Addresses that this machine has without anybody's help, all of 127.0.0.0/8 (RFC 1122 section 3.2.1.3), and that nobody uses.</summary>
    internal const string Network = "127.77.0.0/16";

    /// <summary>The address that the first service leases.</summary>
    internal static readonly IPAddress FirstAddress = new([127, 77, 0, 1]);
}
