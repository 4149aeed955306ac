using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>From a picture of a swarm to published services. Pure.</summary>
internal sealed class SwarmTranslation(string provider, bool isLocal)
{
    private const string HostMode = "host";

    /// <summary>The published service that a Swarm service belongs to.</summary>
    internal static string ServiceNameOf(SwarmService service) => PublicationLabels.ServiceOf(service.Spec?.Labels ?? []) ?? service.Spec?.Name ?? "";

    /// <summary>Reads a picture.</summary>
    /// <param name="picture">What the manager says.</param>
    /// <param name="before">The parts of the reading before; a service whose labels or ports became unusable keeps its own.</param>
    internal SwarmReading Read(SwarmPicture picture, IReadOnlyDictionary<string, ServicePart> before)
    {
        var nodes = new SwarmNodes(picture.Nodes, isLocal);
        var tasks = picture.Tasks.Where(task => task.ServiceID is not null).ToLookup(task => task.ServiceID!, StringComparer.Ordinal);
        var parts = ImmutableDictionary.CreateBuilder<string, ServicePart>(StringComparer.Ordinal);
        var rejections = new List<Rejection>();
        var converging = false;
        foreach (var service in picture.Services)
        {
            var desired = tasks[service.ID].Where(task => task.DesiredState == "running").ToList();
            converging |= IsConverging(service, desired);
            var subject = $"service {service.Spec?.Name}";
            try
            {
                parts[service.ID] = ReadService(service, subject, desired, nodes);
            }
            catch (FormatException problem)
            {
                if (before.TryGetValue(service.ID, out var good))
                    parts[service.ID] = good;
                rejections.Add(new Rejection(subject, good is null ? problem.Message : $"{problem.Message} (what was published before stays)"));
            }
        }
        var services = parts.Values.GroupBy(part => part.Service, StringComparer.Ordinal)
            .Select(same => ServiceAssembly.Assemble(provider, [.. same], rejections))
            .OrderBy(definition => definition.Name, StringComparer.Ordinal)
            .ToEquatableArray();
        rejections.AddRange(nodes.Rejections);
        return new SwarmReading(
            services, rejections.OrderBy(rejection => rejection.Subject, StringComparer.Ordinal).ToEquatableArray(), parts.ToImmutable(), converging);
    }

    private static ServicePart ReadService(SwarmService service, string subject, List<SwarmTask> desired, SwarmNodes nodes)
    {
        var labels = service.Spec?.Labels ?? [];
        var asked = PublicationLabels.Read(labels);
        var port = asked.Port ?? throw MissingPort(service);
        var name = ServiceNameOf(service);
        if (!ServiceName.IsValid(name, out var problem))
            throw new FormatException($"the service name '{PublicationLabels.Shown(name)}' {problem}: set label {PublicationLabels.ServiceLabel}");
        if (service.Spec?.Mode is { ReplicatedJob: not null } or { GlobalJob: not null })
            throw new FormatException("it is a job: jobs end and take no traffic; use mode replicated or global");
        var published = FindPort(service, port);
        var running = desired.Where(task => task.Status?.State == "running" && nodes.IsReady(task.NodeID));
        var targets = published.PublishMode == HostMode
            ? running.Select(task => (Node: task.NodeID!, Port: HostPort(task, port)))
            : running.Select(task => (Node: task.NodeID!, Port: (int?)published.PublishedPort)); // the mesh answers on every node; those that run a task save a hop
        return new ServicePart
        {
            Subject = subject,
            Id = service.ID,
            Created = service.CreatedAt,
            Service = name,
            DnsNames = asked.DnsNames,
            Tls = asked.Tls,
            PublicIp = asked.PublicIp,
            Targets =
            [
                .. targets
                    .Where(target => target.Port is not null)
                    .Select(target => nodes.AddressOf(target.Node) is { } address ? new Target(address, target.Port!.Value, asked.Weight ?? 1) : null)
                    .OfType<Target>(),
            ],
        };
    }

    private static SwarmPort FindPort(SwarmService service, int port)
    {
        var ports = service.Endpoint?.Ports ?? service.Spec?.EndpointSpec?.Ports ?? [];
        var matching = ports.Where(candidate => candidate.TargetPort == port).ToList();
        var chosen = matching
            .Where(candidate => candidate.Protocol is null or "" or ContainerPorts.Tcp)
            .Where(candidate => candidate.PublishMode == HostMode || candidate.PublishedPort > 0)
            .OrderBy(candidate => candidate.PublishMode == HostMode ? 0 : 1)
            .ThenBy(candidate => candidate.PublishedPort)
            .FirstOrDefault();
        if (chosen is not null)
            return chosen;
        if (matching.Count > 0)
            throw new FormatException($"its port {port} is published, but not for TCP: publish {port}/tcp");
        if (ports.Length == 0 && service.Spec?.EndpointSpec?.Mode == "dnsrr")
            throw new FormatException($"endpoint mode dnsrr publishes no port through the mesh: docker service update --publish-add mode=host,target={port} it");
        var others = ports.Length == 0 ? "no port is" : $"published: {string.Join(", ", ports.Select(other => other.TargetPort).Distinct().Order())}";
        throw new FormatException($"its port {port} is not published ({others}): docker service update --publish-add {port} it");
    }

    // Engine 20.10 lists a host-mode port twice, for IPv4 and IPv6: one task is one target.
    private static int? HostPort(SwarmTask task, int port) => task.Status?.PortStatus?.Ports?
        .Where(published => published.TargetPort == port && published.PublishedPort > 0)
        .Where(published => published.Protocol is null or "" or ContainerPorts.Tcp)
        .Min(published => (int?)published.PublishedPort);

    private static bool IsConverging(SwarmService service, List<SwarmTask> desired) =>
        service.UpdateStatus?.State is "updating" or "rollback_started"
        || desired.Any(task => task.Status?.State != "running")
        || (service.Spec?.Mode?.Replicated is { } replicated && replicated.Replicas != desired.Count);

    private static FormatException MissingPort(SwarmService service) =>
        new(service.Spec?.TaskTemplate?.ContainerSpec?.Labels?.ContainsKey(PublicationLabels.PortLabel) is true
            ? $"label {PublicationLabels.PortLabel} stands on its containers, not on the service: move it to deploy.labels (docker service update --label-add)"
            : $"label {PublicationLabels.PortLabel} is missing: docker service update --label-add {PublicationLabels.PortLabel}=PORT it");
}
