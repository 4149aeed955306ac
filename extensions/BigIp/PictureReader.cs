using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>Looks at the appliance. Reads only.</summary>
internal sealed class PictureReader(BigIpClient client, BigIpOptions options, RouteDomains domains)
{
    /// <summary>Up to so many services are read one by one; for more of them two readings of everything are cheaper.</summary>
    internal const int FewServices = 8;

    private readonly string[] policies = [.. new[] { options.GlobalHttpPolicy, options.GlobalSslPolicy }.Where(name => name != "")];

    /// <summary>What some services have.</summary>
    internal async Task<Picture> ReadAsync(IReadOnlyList<string> names, CancellationToken stopping)
    {
        if (names.Count > FewServices)
            return await ReadAllAsync(stopping);
        var pools = new Dictionary<string, WirePool>(StringComparer.Ordinal);
        var virtuals = new Dictionary<string, WireVirtual>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (await client.ReadPoolAsync(name, stopping) is { } pool)
                pools[name] = pool;
            if (await client.ReadVirtualAsync(name, stopping) is { } found)
                virtuals[name] = found;
        }
        return new() { Pools = pools, Virtuals = virtuals, Rules = await ReadRulesAsync(stopping), IsComplete = false };
    }

    /// <summary>What everybody has in the partition itself; its folders are others', and may hold the same names.</summary>
    internal async Task<Picture> ReadAllAsync(CancellationToken stopping)
    {
        var pools = await client.ReadPoolsAsync(stopping);
        var virtuals = await client.ReadVirtualsAsync(stopping);
        return new()
        {
            Pools = pools.Where(pool => pool is { Name: not null, SubPath: null or "" }).ToDictionary(pool => pool.Name!, StringComparer.Ordinal),
            Virtuals = virtuals.Where(found => found is { Name: not null, SubPath: null or "" }).ToDictionary(found => found.Name!, StringComparer.Ordinal),
            Rules = await ReadRulesAsync(stopping),
            IsComplete = true,
        };
    }

    /// <summary>The nodes, read once a picture.</summary>
    internal async Task<NodeTable> NodesAsync(Picture picture, CancellationToken stopping) =>
        picture.Nodes ??= NodeTable.Of(await client.ReadNodesAsync(stopping), domains);

    /// <exception cref="ExtensionException">A policy that is needed does not exist.</exception>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<WireRule>>> ReadRulesAsync(CancellationToken stopping)
    {
        var found = new Dictionary<string, IReadOnlyList<WireRule>>(StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            if (await client.ReadRulesAsync(policy, stopping) is { } rules)
                found[policy] = rules;
            else if (options.UsesPolicies)
                throw NoPolicy(policy);
        }
        return found;
    }

    /// <summary>The failure of a policy that the settings name and that is not there.</summary>
    internal ExtensionException NoPolicy(string policy) => new(
        Reason.Invalid,
        $"{client.Called}: policy /{options.Partition}/{policy} does not exist; "
        + "create and publish it, and attach it to the virtual server that takes the traffic");
}
