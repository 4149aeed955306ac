using System.Net;
using Interlook.Configuration;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Reads what Services ask for. Pure.</summary>
internal sealed class RequestReading(PublishingRules rules)
{
    /// <summary>True when a Service wants to be published at all.</summary>
    internal bool Asks(Service service) =>
        service.Metadata.DeletionTimestamp is null && (rules.IsOurs(service) || ObjectLabels.Of(service).Ask);

    /// <summary>Reads what a Service asks for.</summary>
    /// <exception cref="FormatException">It asks for something that cannot be; the message is a sentence that says what to change.</exception>
    internal PublicationRequest Read(Service service)
    {
        var isOurs = rules.IsOurs(service);
        var labels = ObjectLabels.Of(service);
        var (asked, port) = Read(service.Spec, labels, isOurs);
        Verify(service.Spec, port);
        return new()
        {
            DnsNames = asked.DnsNames.Count == 0 && rules.HostTemplate is { } template ? [template.Make(service.Name)] : asked.DnsNames,
            Tls = isOurs && !labels.Pairs.ContainsKey(PublicationLabels.SslLabel) ? PortChoice.IsSecured(port) : asked.Tls,
            PublicIp = asked.PublicIp ?? (isOurs ? RequestedAddress(service.Spec) : null),
            Weight = asked.Weight,
            Port = port.Name,
        };
    }

    /// <summary>The port of a request as the Service has it now; null when nothing can be sent there any more.</summary>
    internal ServicePort? Find(ServiceSpec spec, PublicationRequest request)
    {
        foreach (var port in spec.Ports)
        {
            if (port.Name == request.Port && PortChoice.IsTcp(port))
                return Problem(spec, port) is null ? port : null;
        }
        return null;
    }

    private static (PublicationLabels Asked, ServicePort Port) Read(ServiceSpec spec, ObjectLabels labels, bool isOurs)
    {
        // A port may be written by its name here, which the labels' own reader does not know.
        var others = labels.Pairs;
        if (others.TryGetValue(PublicationLabels.PortLabel, out var written))
            others = others.Where(pair => pair.Key != PublicationLabels.PortLabel).ToDictionary(StringComparer.Ordinal);
        var asked = PublicationLabels.Read(others, labels.Called, mayLackHosts: isOurs);
        var port = written is not null
            ? PortChoice.Written(spec, written, labels.Called(PublicationLabels.PortLabel))
            : PortChoice.Unwritten(spec, isOurs, labels.Pairs.ContainsKey(PublicationLabels.SslLabel) ? asked.Tls : null);
        return (asked, port);
    }

    private void Verify(ServiceSpec spec, ServicePort port)
    {
        if (Problem(spec, port) is { } problem)
            throw new FormatException(problem);
    }

    private string? Problem(ServiceSpec spec, ServicePort port) => spec.Type switch
    {
        Service.ExternalName => "it is of type ExternalName, an alias without endpoints: publish the name that it points to by other means, or remove the labels",
        _ when rules.TakesPods => null,
        Service.NodePort or Service.LoadBalancer when port.NodePort > 0 => null,
        Service.LoadBalancer =>
            $"its port {PortChoice.Show(port)} has no node port: set allocateLoadBalancerNodePorts to true, or targetMode of Interlook to pod",
        Service.NodePort => $"its port {PortChoice.Show(port)} has no node port yet",
        _ => $"it is of type {PublicationLabels.Shown(spec.Type)}, which is not reached from outside: make it NodePort or LoadBalancer, or set targetMode of Interlook to pod",
    };

    private static IPAddress? RequestedAddress(ServiceSpec spec)
    {
        if (string.IsNullOrWhiteSpace(spec.LoadBalancerIP))
            return null;
        try
        {
            return SettingReaders.Address(spec.LoadBalancerIP.Trim());
        }
        catch (FormatException problem)
        {
            throw new FormatException($"spec.loadBalancerIP {PublicationLabels.Shown(problem.Message)}");
        }
    }
}
