using Interlook.Services;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>
/// One that wants a claim to exist. The kind is deliberately none that Kubernetes knows: its garbage collector deletes whatever names a
/// real owner that it cannot find, and an object of the whole cluster never finds one in a namespace.
/// </summary>
internal sealed record ClaimOwner
{
    internal const string ServiceReference = "ServiceReference";

    /// <summary>The kind of an owner that is an entry of an Interlook: the ownership mark of <c>vip.externalip</c>.</summary>
    internal const string EntryReference = "InterlookEntry";

    public string ApiVersion { get => field ?? "v1"; init; }

    public string Kind { get => field ?? ""; init; }

    public string Name { get => field ?? ""; init; }

    /// <summary><c>namespace/name</c> of the Service, or <c>instance/workflow/service</c> of the entry.</summary>
    public string Uid { get => field ?? ""; init; }

    public bool? Controller { get; init; }

    /// <summary>The owner that a Service is.</summary>
    /// <param name="service"><c>namespace/name</c>.</param>
    internal static ClaimOwner Of(string service) => new()
    {
        ApiVersion = "v1",
        Kind = ServiceReference,
        Name = service[(service.LastIndexOf('/') + 1)..],
        Uid = service,
        Controller = false,
    };

    /// <summary>The owner that an entry is.</summary>
    /// <param name="instance">Which Interlook; holds no slash.</param>
    /// <param name="key">Which entry.</param>
    internal static ClaimOwner Of(string instance, ServiceKey key) => new()
    {
        ApiVersion = "v1",
        Kind = EntryReference,
        Name = key.Service,
        Uid = $"{instance}/{key.Path}",
        Controller = false,
    };

    /// <summary>The entry of an instance that this owner is; null when it is none.</summary>
    internal ServiceKey? EntryOf(string instance) =>
        Kind == EntryReference && Uid.StartsWith(instance + "/", StringComparison.Ordinal) && ServiceKey.TryParsePath(Uid[(instance.Length + 1)..], out var key) ? key : null;

    /// <summary>True when both are the same owner, whatever else is said of it.</summary>
    internal bool Is(ClaimOwner other) => Kind == other.Kind && Uid == other.Uid;
}
