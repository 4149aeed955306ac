using System.Globalization;
using System.Net;

namespace Interlook.Extensions.BigIp;

/// <summary>An address in a route domain.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Domain">The route domain's number.</param>
internal readonly record struct RoutedAddress(IPAddress Ip, int Domain) : IComparable<RoutedAddress>
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ip}%{Domain}");

    /// <summary>A fixed order, for the requests we write.</summary>
    public int CompareTo(RoutedAddress other) => string.CompareOrdinal(ToString(), other.ToString());
}
