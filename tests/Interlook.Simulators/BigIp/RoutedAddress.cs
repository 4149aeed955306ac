using System.Globalization;
using System.Net;

namespace Interlook.Simulators.BigIp;

/// <summary>An address in a route domain, written <c>10.0.0.1%2</c>; without a domain it is in the default one of its partition.</summary>
internal readonly record struct RoutedAddress(IPAddress Ip, int Domain)
{
    internal static RoutedAddress? Read(Configuration configuration, string partition, string text)
    {
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        var domain = configuration.Partitions[partition];
        if (percent >= 0 && !int.TryParse(text[(percent + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out domain))
            return null;
        return IPAddress.TryParse(percent < 0 ? text : text[..percent], out var ip) ? new(ip, domain) : null;
    }

    /// <summary>As it is shown in a partition: its default route domain is not written.</summary>
    internal string Show(Configuration configuration, string partition) =>
        configuration.Partitions[partition] == Domain ? $"{Ip}" : string.Create(CultureInfo.InvariantCulture, $"{Ip}%{Domain}");
}
