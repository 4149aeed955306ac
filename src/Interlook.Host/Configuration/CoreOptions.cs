using System.Net;
using Interlook.Configuration;
using Interlook.Engine;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Configuration;

/// <summary>The settings of the section <c>core</c>.</summary>
internal sealed class CoreOptions
{
    /// <summary>The least important lines that are logged. Default: information.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Where the log goes: <c>stdout</c>, <c>stderr</c> or a file's path. Default: stdout.</summary>
    public string LogFile { get; set; } = "stdout";

    /// <summary>Where the HTTP API listens. Default: 127.0.0.1.</summary>
    public IPAddress ListenAddress { get; set; } = IPAddress.Loopback;

    /// <summary>The HTTP API's port. Default: 8080.</summary>
    public int ListenPort { get; set; } = 8080;

    /// <summary>What changing calls of the API must show. Default: none.</summary>
    public Secret? ApiToken { get; set; }

    /// <summary>The steps of the workflow <c>default</c>, as they are written. Default: none.</summary>
    public IReadOnlyList<string> Workflow { get; set; } = [];

    /// <summary>Where the entries are kept. Default: <c>flowentries.db</c> in the working folder.</summary>
    public string FlowEntriesFile { get; set; } = "flowentries.db";

    /// <summary>Who we are in ownership marks. Default: <c>interlook</c>.</summary>
    public string Instance { get; set; } = "interlook";

    /// <summary>What the engine gets.</summary>
    public EngineOptions Engine { get; } = new();
}
