using System.Net;
using Interlook.Extensions.TcpBalancer;
using Interlook.Extensions.TcpBalancer.Loop;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

public sealed class ProxyHeaderTests
{
    // Signature, version and command, family and protocol, length, addresses, ports.
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Theory]
    [InlineData("192.0.2.7", 4660, "192.0.2.1", 80, "2111000C" + "C0000207" + "C0000201" + "1234" + "0050")]
    [InlineData(
        "2001:db8::7", 4660, "2001:db8::1", 443,
        "21210024" + "20010DB8000000000000000000000007" + "20010DB8000000000000000000000001" + "1234" + "01BB")]
    [InlineData("192.0.2.7", 4660, "2001:db8::1", 443, "20000000")]
    public void A_header_names_both_ends(string source, int sourcePort, string destination, int destinationPort, string expected)
    {
        var header = ProxyHeader.Write(Sockaddr(source, sourcePort), Sockaddr(destination, destinationPort));

        Assert.Equal(Signature + expected, Convert.ToHexString(header));
    }

    [Fact]
    public void A_check_is_nobodys_connection() => Assert.Equal(Signature + "20000000", Convert.ToHexString(ProxyHeader.Local()));

    private static byte[] Sockaddr(string address, int port) => Libc.SocketAddressOf(new IPEndPoint(IPAddress.Parse(address), port));
}
