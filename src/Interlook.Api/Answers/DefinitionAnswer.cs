using System.Text.Json.Serialization;
using Interlook.Services;

namespace Interlook.Api.Answers;

/// <summary>The fullest definition of a service there is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Provider">Who found it.</param>
/// <param name="Targets">Where its traffic goes.</param>
/// <param name="Tls">True when the targets speak TLS.</param>
/// <param name="PublicIp">The address clients use; absent before one is leased.</param>
/// <param name="DnsNames">The names clients use. The field is called <c>dns_name</c>, as the earlier system called it.</param>
internal sealed record DefinitionAnswer(
    string Name,
    string Provider,
    TargetAnswer[] Targets,
    bool Tls,
    string? PublicIp,
    [property: JsonPropertyName("dns_name")] string[] DnsNames)
{
    public static DefinitionAnswer Of(ServiceDefinition service) => new(
        service.Name,
        service.Provider,
        [.. service.Targets.Select(target => new TargetAnswer(target.Host, target.Port, target.Weight))],
        service.Tls,
        service.PublicIp?.ToString(),
        [.. service.DnsNames]);
}
