using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>What a watch tells.</summary>
internal abstract record WatchEvent<T>
    where T : KubernetesObject
{
    /// <summary>An object came or changed.</summary>
    internal sealed record Present(T Object) : WatchEvent<T>;

    /// <summary>An object is gone.</summary>
    /// <param name="Name">Which one.</param>
    /// <param name="Version">The version of its end.</param>
    internal sealed record Gone(ObjectName Name, string Version) : WatchEvent<T>;

    /// <summary>Nothing happened up to a version.</summary>
    internal sealed record Bookmark(string Version) : WatchEvent<T>;

    /// <summary>An object came or changed, and cannot be read.</summary>
    internal sealed record Unreadable(BrokenObject Object) : WatchEvent<T>;

    /// <summary>The version that the watch began at is forgotten: only a list can say what happened since.</summary>
    internal sealed record Expired : WatchEvent<T>;
}
