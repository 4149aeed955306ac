using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>From a Service, its slices and the nodes to what is published of it. Pure.</summary>
/// <param name="provider">The name that definitions bear.</param>
/// <param name="rules">What the settings say.</param>
internal sealed class ServiceTranslation(string provider, PublishingRules rules)
{
    private readonly RequestReading requests = new(rules);

    /// <summary>True when nodes count.</summary>
    internal bool NeedsNodes => !rules.TakesPods;

    /// <summary>Translates a Service.</summary>
    /// <param name="service">It; null when there is none.</param>
    /// <param name="slices">Its slices, in any order.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="before">What came of it before: when it cannot be understood any more, what it asked for then goes on.</param>
    /// <returns>Null when it asks for nothing.</returns>
    internal Publication? Translate(Service? service, IEnumerable<EndpointSlice> slices, NodeTable nodes, Publication? before)
    {
        if (service is null || !requests.Asks(service))
            return null;
        var subject = $"Service {service.Name}";
        var (request, problem) = Read(service);
        if (request is null && before?.Uid == service.Metadata.Uid && before.Request is { } earlier)
            (request, problem) = (earlier, $"{problem} (what it asked for before stays published)");
        if (request is null)
            return new(service.Metadata.Uid, null, "", null, new(subject, problem!), false);
        var destination = Find(service.Spec, request, slices, nodes);
        var definition = Define(service.Name, request, destination);
        return new(
            service.Metadata.Uid,
            definition == before?.Definition ? before.Definition : definition, // the engine keeps that one too
            request.Port,
            request.Weight,
            (problem ?? destination.Problem) is { } wrong ? new(subject, wrong) : null,
            destination.IsEverywhere);
    }

    private (PublicationRequest? Request, string? Problem) Read(Service service)
    {
        try
        {
            return (requests.Read(service), null);
        }
        catch (FormatException problem)
        {
            return (null, problem.Message);
        }
    }

    private Destination Find(ServiceSpec spec, PublicationRequest request, IEnumerable<EndpointSlice> slices, NodeTable nodes)
    {
        if (requests.Find(spec, request) is not { } port)
            return Destination.None;
        var endpoints = SliceReading.Read(slices, port);
        var weight = request.Weight ?? 1;
        return rules.TakesPods
            ? Destination.None with { Targets = [.. endpoints.Select(endpoint => new Target(endpoint.Address, endpoint.Port, weight))] }
            : NodeTargets.Of(endpoints, spec, port, weight, rules.Mode == TargetMode.NodePortAll, nodes);
    }

    private ServiceDefinition Define(ObjectName name, PublicationRequest request, Destination destination) => new()
    {
        Name = name.ToString(),
        Provider = provider,
        Targets = [.. destination.Targets],
        Tls = request.Tls,
        DnsNames = request.DnsNames,
        PublicIp = request.PublicIp,
    };
}
