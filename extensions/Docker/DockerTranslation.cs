using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>From what Docker says of a container to its parts of services. Pure, but for the public host, which may move.</summary>
internal sealed class DockerTranslation(DockerOptions options, PublicHost host)
{
    internal const string FollowPrefix = "container:";
    private const string ComposeProject = "com.docker.compose.project";
    private const string ComposeService = "com.docker.compose.service";

    private readonly PublishedPorts publishedPorts = new(options);
    private readonly EnvironmentTranslation environment = new(host);

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

    /// <summary>True when nothing that a container was created with asks for publication: such a one never will.</summary>
    internal bool IsSilent(ContainerInspect container) =>
        !options.LabelSelector.MatchesItems(container.Config?.Labels) || !(AsksByLabels(container) || AsksByEnvironment(container));

    /// <summary>Reads a container.</summary>
    /// <param name="container">What the daemon says of it.</param>
    /// <param name="followed">The container whose network it uses, when it has none of its own and that one exists.</param>
    internal ContainerReading Read(ContainerInspect container, ContainerInspect? followed)
    {
        if (!IsAlive(container.State?.Status) || IsSilent(container))
            return ContainerReading.Nothing;
        var name = PlainName(container.Name, container.Id);
        var subject = $"container {name}";
        var parts = new List<ServicePart>(1);
        var refusals = new List<Refusal>();
        if (AsksByLabels(container))
        {
            try
            {
                parts.Add(ReadLabels(container, followed, name, subject));
            }
            catch (FormatException problem)
            {
                refusals.Add(new Refusal(ServicePart.Labels, new Rejection(subject, problem.Message)));
            }
        }
        if (AsksByEnvironment(container))
        {
            var (announced, refused) = environment.Read(container, () => NetworkOf(container, followed), subject, IsReady(container));
            parts.AddRange(announced);
            refusals.AddRange(refused);
        }
        return new ContainerReading { Parts = [.. parts], Refusals = [.. refusals] };
    }

    private bool AsksByLabels(ContainerInspect container) =>
        options.FindsByLabels && container.Config?.Labels is { } labels && PublicationLabels.Ask(labels);

    private bool AsksByEnvironment(ContainerInspect container) => options.FindsByEnvironment && DiscoverVariable.Asks(container.Config?.Env);

    private ServicePart ReadLabels(ContainerInspect container, ContainerInspect? followed, string name, string subject)
    {
        var labels = container.Config!.Labels!;
        var asked = PublicationLabels.Read(labels);
        var service = ServiceNameOf(labels, asked.Service, name);
        if (!ServiceName.IsValid(service, out var problem))
            throw new FormatException($"the service name '{PublicationLabels.Shown(service)}' {problem}: set label interlook.service");
        var (address, port) = FindTarget(container, NetworkOf(container, followed), asked.Port);
        return new ServicePart
        {
            Subject = subject,
            Id = container.Id,
            Created = container.Created,
            Service = service,
            DnsNames = asked.DnsNames,
            Tls = asked.Tls,
            PublicIp = asked.PublicIp,
            Targets = IsReady(container) ? [new Target(address, port, asked.Weight ?? 1)] : [],
        };
    }

    /// <summary>True when the container may get traffic: it runs, and its health check, if it has one, is content.</summary>
    private static bool IsReady(ContainerInspect container) =>
        container.State?.Status == "running" && container.State.Health?.Status is null or "" or "none" or "healthy";

    /// <summary>The container that has the network: this one, or the one it follows.</summary>
    /// <exception cref="FormatException">It follows one that cannot be used.</exception>
    private static ContainerInspect NetworkOf(ContainerInspect container, ContainerInspect? followed)
    {
        if (FollowedContainer(container) is not { } id)
            return container;
        if (followed is null)
            throw new FormatException($"it uses the network of container {PublicationLabels.Shown(id)}, which is not there: start that one, then this one again");
        return FollowedContainer(followed) is null
            ? followed
            : throw new FormatException($"it uses the network of {PlainName(followed.Name, followed.Id)}, which itself uses another's: attach it to the last one directly");
    }

    private (string Host, int Port) FindTarget(ContainerInspect container, ContainerInspect network, int? port) =>
        options.TargetNetwork == ""
            ? publishedPorts.Find(network, container, port)
            : NetworkPorts.Find(network, container, port, options.TargetNetwork);
}
