using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>From what Docker says of a container to its part of a service. Pure.</summary>
internal sealed class DockerTranslation(DockerOptions options)
{
    internal const string FollowPrefix = "container:";
    private const string ComposeProject = "com.docker.compose.project";
    private const string ComposeService = "com.docker.compose.service";

    private readonly PublishedPorts publishedPorts = new(options);

    /// <summary>The container whose network this one uses (<c>--network container:ID</c>); null for its own.</summary>
    internal static string? FollowedContainer(ContainerInspect container) =>
        container.HostConfig?.NetworkMode is { } mode && mode.StartsWith(FollowPrefix, StringComparison.Ordinal) ? mode[FollowPrefix.Length..] : null;

    /// <summary>A container's name without Docker's leading slash.</summary>
    internal static string PlainName(string? name, string id) => name?.TrimStart('/') is { Length: > 0 } plain ? plain : id;

    /// <summary>True for the states in which a container still belongs to its service; the others are ends.</summary>
    internal static bool IsAlive(string? state) => state is "running" or "paused" or "restarting" or "stopping";

    /// <summary>The service that a container belongs to: its label, else Compose's project and service, else its own name.</summary>
    internal static string ServiceNameOf(IReadOnlyDictionary<string, string> labels, string? labelled, string containerName)
    {
        if (labelled is not null)
            return labelled;
        return labels.TryGetValue(ComposeProject, out var project) && labels.TryGetValue(ComposeService, out var service) && project != "" && service != ""
            ? $"{project}-{service}"
            : containerName;
    }

    /// <summary>Reads a container.</summary>
    /// <param name="container">What the daemon says of it.</param>
    /// <param name="followed">The container whose network it uses, when it has none of its own and that one exists.</param>
    internal ContainerReading Read(ContainerInspect container, ContainerInspect? followed)
    {
        var labels = container.Config?.Labels;
        if (labels is null || !IsAlive(container.State?.Status) || !options.LabelSelector.Matches(labels))
            return ContainerReading.NotPublished.Instance;
        var name = PlainName(container.Name, container.Id);
        var subject = $"container {name}";
        try
        {
            var asked = PublicationLabels.Read(labels);
            var service = ServiceNameOf(labels, asked.Service, name);
            if (!ServiceName.IsValid(service, out var problem))
                throw new FormatException($"the service name '{PublicationLabels.Shown(service)}' {problem}: set label interlook.service");
            var (host, port) = FindTarget(container, followed, asked.Port);
            return new ContainerReading.Publishes(new ServicePart
            {
                Subject = subject,
                Id = container.Id,
                Created = container.Created,
                Service = service,
                DnsNames = asked.DnsNames,
                Tls = asked.Tls,
                PublicIp = asked.PublicIp,
                Targets = IsReady(container) ? [new Target(host, port, asked.Weight ?? 1)] : [],
            });
        }
        catch (FormatException problem)
        {
            return new ContainerReading.Rejected(new Rejection(subject, problem.Message));
        }
    }

    /// <summary>True when the container may get traffic: it runs, and its health check, if it has one, is content.</summary>
    private static bool IsReady(ContainerInspect container) =>
        container.State?.Status == "running" && container.State.Health?.Status is null or "" or "none" or "healthy";

    private (string Host, int Port) FindTarget(ContainerInspect container, ContainerInspect? followed, int? port)
    {
        var network = container;
        if (FollowedContainer(container) is { } id)
        {
            network = followed
                ?? throw new FormatException($"it uses the network of container {PublicationLabels.Shown(id)}, which is not there: start that one, then this one again");
            if (FollowedContainer(network) is not null)
                throw new FormatException($"it uses the network of {PlainName(network.Name, network.Id)}, which itself uses another's: attach it to the last one directly");
        }
        return options.TargetNetwork == ""
            ? publishedPorts.Find(network, container, port)
            : NetworkPorts.Find(network, container, port, options.TargetNetwork);
    }
}
