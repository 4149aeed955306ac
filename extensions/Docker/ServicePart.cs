using System.Net;
using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>What one container, or one Swarm service, gives to the published service it names. Immutable.</summary>
internal sealed record ServicePart
{
    /// <summary>The <see cref="Ask"/> of an object's labels.</summary>
    internal const string Labels = "labels";

    /// <summary>The object in Docker's words: <c>container web-1</c>.</summary>
    internal required string Subject { get; init; }

    /// <summary>The object's id; decides between objects of the same age.</summary>
    internal required string Id { get; init; }

    /// <summary>What of the object asks: its labels, or a name in its environment. An object has one part for each.</summary>
    internal string Ask { get; init; } = Labels;

    /// <summary>True when a variable asks, and no label.</summary>
    internal bool IsFromEnvironment => Ask != Labels;

    /// <summary>The older object decides where two of one service disagree.</summary>
    internal DateTimeOffset Created { get; init; }

    /// <summary>The published service.</summary>
    internal required string Service { get; init; }

    internal EquatableArray<string> DnsNames { get; init; }

    internal bool Tls { get; init; }

    internal IPAddress? PublicIp { get; init; }

    /// <summary>Empty while nothing in the object is ready.</summary>
    internal EquatableArray<Target> Targets { get; init; }
}
