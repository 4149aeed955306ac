using System.Net;
using Interlook.Configuration;

namespace Interlook.Api;

/// <summary>The settings of the HTTP API; they stand in section <c>core</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The address the API listens on.</summary>
    /// <value>Default: 127.0.0.1.</value>
    public IPAddress ListenAddress { get; set; } = IPAddress.Loopback;

    /// <summary>The TCP port the API listens on; 0 takes a free one.</summary>
    /// <value>Default: 8080.</value>
    public int ListenPort { get; set; } = 8080;

    /// <summary>
    /// The token that changing calls carry (<c>Authorization: Bearer</c>). Without one, changing calls work on a loopback address only.
    /// </summary>
    /// <value>Default: none.</value>
    public Secret? ApiToken { get; set; }

    /// <summary>What GET /version tells: the informational version, <c>1.2.0+commit</c>.</summary>
    /// <value>Default: 0.0.0.</value>
    public string Version { get; set; } = "0.0.0";
}
