using System.Threading.Channels;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>What a watch asks the daemon beside its loop. Every request ends with a report, however it went.</summary>
/// <param name="client">The daemon.</param>
/// <param name="options">Which containers are meant.</param>
/// <param name="reports">Gets the reports.</param>
internal sealed class ContainerRequests(DockerClient client, DockerOptions options, ChannelWriter<Happening> reports)
{
    /// <summary>Lists the living containers that ask for publication or, by their environment, may do so, each once.</summary>
    internal static async Task<IReadOnlyList<ContainerSummary>> ListAsync(DockerClient client, DockerOptions options, CancellationToken stopping)
    {
        var selector = options.LabelSelector;
        var found = new Dictionary<string, ContainerSummary>(StringComparer.Ordinal);
        foreach (var filter in options.FindsByEnvironment ? [selector.ItemFilter()] : selector.Filters())
        {
            foreach (var container in await client.ListContainersAsync(filter, stopping) ?? [])
            {
                var isWanted = options.FindsByEnvironment ? selector.MatchesItems(container.Labels) : selector.Matches(container.Labels);
                if (DockerTranslation.IsAlive(container.State) && isWanted)
                    found[container.Id] = container;
            }
        }
        return [.. found.Values];
    }

    /// <summary>Lists the containers, see the other overload.</summary>
    internal async Task ListAsync(CancellationToken life)
    {
        try
        {
            reports.TryWrite(new Happening.Listed(await ListAsync(client, options, life), null));
        }
        catch (Exception failure)
        {
            reports.TryWrite(new Happening.Listed([], failure));
        }
    }

    /// <summary>Inspects a container, and the one whose network it uses.</summary>
    internal async Task InspectAsync(string id, CancellationToken life)
    {
        try
        {
            var container = await client.InspectContainerAsync(id, life);
            var followed = container is not null && DockerTranslation.FollowedContainer(container) is { } other
                ? await client.InspectContainerAsync(other, life)
                : null;
            reports.TryWrite(new Happening.Inspected(id, container, followed, null));
        }
        catch (Exception failure)
        {
            reports.TryWrite(new Happening.Inspected(id, null, null, failure));
        }
    }
}
