using System.Globalization;

namespace Interlook.Simulators.BigIp;

/// <summary>Where a virtual server listens: <c>/P/10.0.0.5%2:443</c>, for IPv6 <c>/P/2001:db8::5.443</c>.</summary>
internal readonly record struct Destination(RoutedAddress Address, int Port)
{
    internal static Destination Read(Configuration configuration, string partition, string text)
    {
        var end = text[(text.LastIndexOf('/') + 1)..];
        var colons = end.AsSpan().Count(':');
        var at = end.LastIndexOf(colons > 1 ? '.' : ':');
        return at > 0
            && int.TryParse(end[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= 65535
            && RoutedAddress.Read(configuration, partition, end[..at]) is { } address
                ? new(address, port)
                : throw new RefusedException(400, $"01070712:3: Values ({text}) specified for virtual server destination are invalid.", 3);
    }

    internal string Show(Configuration configuration, string partition) => string.Create(
        CultureInfo.InvariantCulture,
        $"/{partition}/{Address.Show(configuration, partition)}{(Address.Ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? '.' : ':')}{Port}");
}
