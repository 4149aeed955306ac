using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions;

/// <summary>What the host hands to every extension it makes.</summary>
public sealed record ExtensionContext
{
    /// <summary>The extension's full name, for example <c>lb.haproxy</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Who we are in ownership marks (<c>core.instance</c>): the same after a restart, a move to another host, or a loss of all state.
    /// Letters, digits and hyphens.
    /// </summary>
    public required string Instance { get; init; }

    /// <summary>
    /// True when Interlook only looks, as <c>interlook plan</c> does: an extension changes nothing outside, not even when it starts, and opens
    /// nothing for others. What lives within Interlook itself, and not outside, is then in place. Its clients refuse whatever would write.
    /// </summary>
    /// <value>Default: false.</value>
    public bool IsReadOnly { get; init; }

    /// <summary>The only clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The only source of chance. Safe to call from several threads in production.</summary>
    public required Random Random { get; init; }

    /// <summary>Makes loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Opens durable records for an extension that keeps state of its own.</summary>
    public required IRecordStores Stores { get; init; }

    /// <summary>What the extensions of one product share with each other.</summary>
    /// <value>Default: shared with nobody.</value>
    public SharedParts Shared { get; init; } = new();
}
