using Interlook.Extensions.Docker.Wire;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>What a manager says of the swarm in one pass. Every request of the pass succeeded.</summary>
/// <param name="Services">The services that ask for publication.</param>
/// <param name="Tasks">Their tasks that ought to run.</param>
/// <param name="Nodes">All nodes.</param>
internal sealed record SwarmPicture(IReadOnlyCollection<SwarmService> Services, IReadOnlyCollection<SwarmTask> Tasks, IReadOnlyCollection<SwarmNode> Nodes)
{
    /// <summary>More services than this are not named in the task filter: the request would grow too long.</summary>
    private const int LargestFilter = 64;

    /// <summary>Reads the services that ask for publication, their tasks, and the nodes.</summary>
    internal static async Task<SwarmPicture> ReadAsync(DockerClient client, LabelSelector selector, CancellationToken stopping)
    {
        var found = new Dictionary<string, SwarmService>(StringComparer.Ordinal);
        foreach (var filter in selector.Filters())
            Add(found, await client.ListServicesAsync("label", filter, stopping), selector, _ => true);
        return await CompleteAsync(client, found.Values, stopping);
    }

    /// <summary>Reads what makes one published service. The name filter of the API matches prefixes, so names are compared again.</summary>
    internal static async Task<SwarmPicture> ReadOneAsync(DockerClient client, LabelSelector selector, string name, CancellationToken stopping)
    {
        var found = new Dictionary<string, SwarmService>(StringComparer.Ordinal);
        bool IsIt(SwarmService service) => SwarmTranslation.ServiceNameOf(service) == name;
        Add(found, await client.ListServicesAsync("name", [name], stopping), selector, IsIt);
        Add(found, await client.ListServicesAsync("label", [$"{PublicationLabels.ServiceLabel}={name}"], stopping), selector, IsIt);
        return await CompleteAsync(client, found.Values, stopping);
    }

    private static async Task<SwarmPicture> CompleteAsync(DockerClient client, Dictionary<string, SwarmService>.ValueCollection services, CancellationToken stopping)
    {
        if (services.Count == 0)
            return new SwarmPicture([], [], []);
        var ids = services.Count <= LargestFilter ? services.Select(service => service.ID).ToArray() : null;
        // A service of the filter that went meanwhile makes the daemon refuse the request; without a filter it cannot.
        var tasks = await client.ListTasksAsync(ids, stopping) ?? await client.ListTasksAsync(null, stopping);
        var nodes = await client.ListNodesAsync(stopping);
        return new SwarmPicture(services, tasks ?? [], nodes ?? []);
    }

    private static void Add(Dictionary<string, SwarmService> found, SwarmService[]? listed, LabelSelector selector, Func<SwarmService, bool> isWanted)
    {
        foreach (var service in listed ?? [])
        {
            if (selector.Matches(service.Spec?.Labels) && isWanted(service))
                found[service.ID] = service;
        }
    }
}
