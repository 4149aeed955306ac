using System.Collections.Immutable;

namespace Interlook.Extensions.Docker;

/// <summary>Reads a swarm and remembers what each service gave last, for those whose labels become unusable. Safe for concurrent use.</summary>
internal sealed class SwarmReader(string provider, DockerClient client, LabelSelector selector)
{
    private readonly SwarmTranslation translation = new(provider, client.Endpoint.IsLocal);
    private volatile ImmutableDictionary<string, ServicePart> good = ImmutableDictionary<string, ServicePart>.Empty;

    /// <summary>Reads everything that asks for publication.</summary>
    internal async Task<SwarmReading> ReadAsync(CancellationToken stopping)
    {
        var reading = translation.Read(await ExplainAsync(SwarmPicture.ReadAsync(client, selector, stopping), stopping), good);
        good = reading.Parts;
        return reading;
    }

    /// <summary>Reads one published service.</summary>
    internal async Task<SwarmReading> ReadOneAsync(string name, CancellationToken stopping) =>
        translation.Read(await ExplainAsync(SwarmPicture.ReadOneAsync(client, selector, name, stopping), stopping), good);

    /// <summary>Proves that the daemon answers for its swarm, with the smallest question that only a manager answers.</summary>
    internal Task CheckAsync(CancellationToken stopping) => ExplainAsync(client.ListServicesAsync("id", ["none"], stopping), stopping);

    private async Task<T> ExplainAsync<T>(Task<T> asking, CancellationToken stopping)
    {
        try
        {
            return await asking;
        }
        catch (ExtensionException failure) when (failure.Reason is Reason.Unavailable or Reason.Refused)
        {
            var swarm = (await client.InspectEngineAsync(stopping))?.Swarm;
            var problem = swarm switch
            {
                null => null,
                { LocalNodeState: "locked" } => "its swarm is locked: docker swarm unlock",
                { LocalNodeState: not "active" } => "it is not part of a swarm: docker swarm init or docker swarm join there, or use provider.docker",
                { ControlAvailable: false } => "it is a worker of its swarm: write the endpoint of a manager",
                _ => null,
            };
            if (problem is null)
                throw;
            throw new ExtensionException(Reason.Invalid, $"Docker at {client.Endpoint.Text} cannot answer for a swarm: {problem}", innerException: failure);
        }
    }
}
