namespace Interlook.Extensions.Kemp;

/// <summary>A real server as the appliance has it.</summary>
/// <param name="Address">Its address in canonical form.</param>
/// <param name="DnsName">The name it was added by; empty for an address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Weight">1 to 65535.</param>
/// <param name="IsEnabled">False when it gets no new traffic.</param>
/// <param name="IsDown">True when it failed its check.</param>
internal sealed record RealServer(string Address, string DnsName, int Port, int Weight, bool IsEnabled, bool IsDown)
{
    /// <summary>What it was added by.</summary>
    internal string Host => DnsName == "" ? Address : DnsName;

    /// <summary>For messages.</summary>
    public override string ToString() => WantedServer.Show(Host, Port);
}
