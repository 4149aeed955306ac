using Interlook.Collections;
using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>Makes what a Service's status shall say of what the engine knows. Pure.</summary>
/// <param name="step">Our step's name.</param>
/// <param name="withHostNames">Whether host names are written beside the address.</param>
internal sealed class StatusTranslation(string step, bool withHostNames)
{
    /// <summary>Longest message of a condition that the server takes is 32,768 characters; nobody reads so many.</summary>
    private const int LongestMessage = 1024;

    /// <summary>What is said of a service that is deployed so.</summary>
    internal WantedStatus Of(ServiceDefinition deployed)
    {
        var ingress = IngressOf(deployed);
        return new(ingress, IsPublished: true, "Deployed", ingress.Count == 0 ? "Published." : $"Published at {ServiceWords.Place(deployed)}.");
    }

    /// <summary>What is said of a service as its entry stands.</summary>
    /// <returns>Null when there is nothing new to say: the entry is on its way.</returns>
    internal WantedStatus? Of(Entry entry)
    {
        var acknowledged = entry.Find(step)?.Acknowledged;
        return entry switch
        {
            { Expected: ExpectedState.Undeployed, State: Entry.Undeployed } => WantedStatus.None,
            { Expected: ExpectedState.Undeployed } => null, // what it leaves is taken back by the step itself
            // Ours failed: that is the reason why nothing can be said.
            { Failure: { } failure } when failure.Step != step => new(
                acknowledged is null ? [] : IngressOf(acknowledged), IsPublished: false, $"{failure.Reason}", Cut($"{failure.Step}: {failure.Message}")),
            { State: Entry.Deployed } when acknowledged is not null => Of(acknowledged),
            _ => null,
        };
    }

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";

    // An address and a name are two entries: who reads them takes from each what it knows. A wildcard is no name that the server takes.
    private EquatableArray<LoadBalancerIngress> IngressOf(ServiceDefinition definition)
    {
        var ingress = new List<LoadBalancerIngress>();
        if (definition.PublicIp is { } address)
            ingress.Add(new() { Ip = address.ToString() });
        if (withHostNames)
            ingress.AddRange(definition.DnsNames.Where(name => !name.StartsWith('*')).Select(name => new LoadBalancerIngress { Hostname = name }));
        return [.. ingress];
    }
}
