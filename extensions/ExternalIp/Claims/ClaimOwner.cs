namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>
/// One that wants a claim to exist. The kind is deliberately none that Kubernetes knows: its garbage collector deletes whatever names a
/// real owner that it cannot find, and an object of the whole cluster never finds one in a namespace.
/// </summary>
internal sealed record ClaimOwner
{
    internal const string ServiceReference = "ServiceReference";

    public string ApiVersion { get => field ?? "v1"; init; }

    public string Kind { get => field ?? ""; init; }

    public string Name { get => field ?? ""; init; }

    /// <summary><c>namespace/name</c> of the Service.</summary>
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
}
