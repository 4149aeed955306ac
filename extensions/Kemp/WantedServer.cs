using System.Globalization;

namespace Interlook.Extensions.Kemp;

/// <summary>A target as a real server.</summary>
/// <param name="Host">An address in canonical form, or a host name.</param>
/// <param name="Port">Its port.</param>
/// <param name="Weight">1 to 256; the appliance knows no 0.</param>
/// <param name="IsEnabled">False for a target of weight 0: it keeps its connections and gets no new ones.</param>
internal sealed record WantedServer(string Host, int Port, int Weight, bool IsEnabled)
{
    /// <summary>For messages.</summary>
    public override string ToString() => Show(Host, Port);

    internal static string Show(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    /// <summary>True when the appliance's one was added by the same host and port.</summary>
    internal bool IsSame(RealServer server) => Port == server.Port && Host.Equals(server.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the appliance's one has everything as wanted.</summary>
    internal bool IsAsWanted(RealServer server) => IsSame(server) && IsEnabled == server.IsEnabled && Weight == server.Weight;
}
