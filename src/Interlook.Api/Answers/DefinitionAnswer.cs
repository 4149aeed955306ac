using System.Text.Json.Serialization;
using Interlook.Entries;
using Interlook.Provisioners;

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
    /// <summary>The definition of an entry. An address that is only asked for is not shown: another may have it.</summary>
    public static DefinitionAnswer Of(Entry entry, ServiceCondition? condition)
    {
        var service = entry.Service;
        var isApplied = entry.Steps.Any(step => step.Acknowledged is not null);
        return new DefinitionAnswer(
            service.Name,
            service.Provider,
            TargetAnswer.Of(service, condition),
            service.Tls,
            isApplied ? service.PublicIp?.ToString() : null,
            [.. service.DnsNames]);
    }
}
