using System.Globalization;
using System.Net;
using System.Text;

namespace Interlook.Extensions.Docker;

/// <summary>Where a Docker daemon listens: a unix socket, or a host and port. Immutable.</summary>
internal sealed record DockerEndpoint
{
    private const int PlainPort = 2375;
    private const int EncryptedPort = 2376;

    /// <summary>unix(7): sun_path holds 108 bytes with its final zero.</summary>
    private const int LongestSocketPath = 107;

    /// <summary>The daemon of this machine.</summary>
    internal const string DefaultText = "unix:///var/run/docker.sock";

    /// <summary>As the user wrote it; names the daemon in every message.</summary>
    internal required string Text { get; init; }

    /// <summary>The unix socket; null for a network endpoint.</summary>
    internal string? SocketPath { get; init; }

    /// <summary>The host of a network endpoint, IPv6 without brackets.</summary>
    internal string Host { get; init; } = "";

    /// <summary>True when the scheme itself asks for TLS.</summary>
    internal bool IsHttps { get; init; }

    /// <summary>True when the daemon runs on this machine, so that its loopback addresses are ours.</summary>
    internal bool IsLocal => SocketPath is not null || Host == "localhost" || (IPAddress.TryParse(Host, out var ip) && IPAddress.IsLoopback(ip));

    private int? Port { get; init; }

    private string BasePath { get; init; } = "";

    /// <summary>Reads <c>unix:///path</c>, <c>tcp://host[:port][/path]</c>, <c>http://…</c> and <c>https://…</c>.</summary>
    internal static DockerEndpoint Read(string text)
    {
        if (text.StartsWith("unix://", StringComparison.Ordinal))
        {
            if (text["unix://".Length..] is not ['/', _, ..] path)
                throw new FormatException($"must name a socket by its full path, such as {DefaultText}, not '{text}'");
            return Encoding.UTF8.GetByteCount(path) <= LongestSocketPath
                ? new DockerEndpoint { Text = text, SocketPath = path }
                : throw new FormatException($"names a socket by a path of more than the {LongestSocketPath} bytes it can have: '{text}'");
        }
        if (text.AsSpan().ContainsAny("@?#"))
            throw new FormatException("must hold a host and a port only, neither user nor query"); // not repeated: it may hold a password
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("tcp" or "http" or "https") || url.Host == "")
            throw new FormatException($"must be unix:///path or tcp://host:port, not '{text}'");
        return new DockerEndpoint
        {
            Text = text,
            Host = url.Host.Trim('[', ']'),
            IsHttps = url.Scheme == "https",
            Port = url.IsDefaultPort ? WrittenPort(url) : url.Port,
            BasePath = url.AbsolutePath.TrimEnd('/'),
        };
    }

    /// <summary>The address that requests are built on; a unix socket gets a host that nobody looks at.</summary>
    internal Uri BaseAddress(bool encrypted)
    {
        if (SocketPath is not null)
            return new Uri("http://docker");
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var port = (Port ?? (encrypted ? EncryptedPort : PlainPort)).ToString(CultureInfo.InvariantCulture);
        return new Uri($"{(encrypted ? "https" : "http")}://{host}:{port}{BasePath}");
    }

    // Uri knows 80 and 443 as defaults of http and https and does not tell whether they were written.
    private static int? WrittenPort(Uri url) => url.Scheme switch
    {
        "https" => 443,
        "http" => 80,
        _ => url.Port > 0 ? url.Port : null,
    };
}
