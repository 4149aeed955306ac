using System.Net;
using System.Net.Sockets;
using Interlook.Host.Commands;

namespace Interlook.Host.Quickstart;

/// <summary>Finds out before anything starts whether the ports can be had, so that the answer can name the flag that changes them.</summary>
internal static class PortProbe
{
    /// <exception cref="CommandFailedException">At least one cannot be had; all are named.</exception>
    internal static void Require(QuickstartSettings settings)
    {
        string[] problems =
        [
            .. Problem(IPAddress.Loopback, settings.PagePort, "the page", "--port", ProtocolType.Tcp),
            .. Problem(IPAddress.Loopback, settings.DnsPort, "DNS", "--dns-port", ProtocolType.Udp, ProtocolType.Tcp),
            .. settings.DnsPort == settings.PagePort ? [$"port {settings.DnsPort} cannot be both the page's and DNS's: choose another with --port or --dns-port"] : Array.Empty<string>(),
            .. Problem(QuickstartSettings.FirstAddress, settings.HttpPort, "the services", "--http-port", ProtocolType.Tcp),
        ];
        if (problems.Length > 0)
            throw new CommandFailedException($"the quickstart cannot begin: {string.Join("; ", problems)}");
    }

    private static IEnumerable<string> Problem(IPAddress address, int port, string purpose, string flag, params ReadOnlySpan<ProtocolType> protocols)
    {
        foreach (var protocol in protocols)
        {
            if (Refusal(address, port, protocol) is { } refusal)
                return [$"port {port} on {address}, for {purpose}, {refusal}: choose another with {flag}"];
        }
        return [];
    }

    private static string? Refusal(IPAddress address, int port, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            if (protocol == ProtocolType.Tcp)
                socket.Listen(); // two may bind one port; only one may listen
            return null;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is taken by another program",
                SocketError.AccessDenied => "is for root alone (below 1024)",
                SocketError.AddressNotAvailable => "cannot be had, for this machine has not all of 127.0.0.0/8",
                _ => $"cannot be had ({failure.Message})",
            };
        }
    }
}
