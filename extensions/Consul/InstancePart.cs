using Interlook.Services;

namespace Interlook.Extensions.Consul;

/// <summary>What one instance gives to the published service it names. Immutable.</summary>
internal sealed record InstancePart
{
    /// <summary>For messages: <c>service shop, instance shop-1 of node n1</c>.</summary>
    internal required string Subject { get; init; }

    /// <summary>The instance's node and ID.</summary>
    internal required (string Node, string Id) Instance { get; init; }

    /// <summary>The Raft index at which the instance appeared.</summary>
    internal ulong CreateIndex { get; init; }

    /// <summary>The published service.</summary>
    internal required string Service { get; init; }

    /// <summary>What its tags and meta ask for.</summary>
    internal required PublicationLabels Asked { get; init; }

    /// <summary>Where its traffic goes; null while its checks say that it is not ready, or while it cannot be reached.</summary>
    internal Target? Target { get; init; }
}
