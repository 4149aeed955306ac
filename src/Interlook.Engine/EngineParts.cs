using System.Collections.Immutable;
using Interlook.Entries;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine;

/// <summary>What the host gives the engine to work with.</summary>
public sealed record EngineParts
{
    /// <summary>The workflows; every provider and step they name is among the extensions.</summary>
    public required ImmutableArray<Workflow> Workflows { get; init; }

    /// <summary>The providers by name, not started.</summary>
    public required IReadOnlyDictionary<string, IProvider> Providers { get; init; }

    /// <summary>The provisioners by name, not started; also ones that no workflow names any more and whose traces must be taken back.</summary>
    public required IReadOnlyDictionary<string, IProvisioner> Provisioners { get; init; }

    /// <summary>Where entries are kept; null keeps them in memory only.</summary>
    public IRecordStore<Entry>? Store { get; init; }

    /// <summary>Where histories are kept; null keeps them in memory only.</summary>
    public IRecordStore<EntryHistory>? Histories { get; init; }

    /// <summary>The only clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The only source of chance.</summary>
    public required Random Random { get; init; }

    /// <summary>Makes loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
