using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>How conditions and Events speak of a service.</summary>
internal static class ServiceWords
{
    /// <summary>Where clients reach it: <c>10.0.0.5 as shop.example.org, www.example.org</c>.</summary>
    internal static string Place(ServiceDefinition definition)
    {
        var names = string.Join(", ", definition.DnsNames);
        return (definition.PublicIp, names) switch
        {
            (null, _) => names,
            ({ } address, "") => address.ToString(),
            ({ } address, _) => $"{address} as {names}",
        };
    }
}
