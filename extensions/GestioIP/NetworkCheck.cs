using Interlook.Extensions.GestioIP.Wire;

namespace Interlook.Extensions.GestioIP;

/// <summary>Looks, before anything is reserved, whether the networks of the settings are such that addresses can be reserved in them.</summary>
internal sealed class NetworkCheck(GestioIPClient client, string name)
{
    /// <summary>Checks networks of one family.</summary>
    /// <exception cref="ExtensionException">One cannot be used, or nothing is known.</exception>
    internal async Task CheckAsync(IReadOnlyList<ReservableNetwork> networks, CancellationToken stopping)
    {
        var known = await ListAsync(networks, stopping);
        foreach (var network in networks)
        {
            var same = known.Where(each => each.Address.Equals(network.Address)).ToList();
            var usable = same.Where(each => !each.IsRoot).ToList();
            var problem = (same.Count, usable) switch
            {
                (0, _) => "it does not exist; create it there, or correct `network`",
                (_, []) => "it is a root network, which only holds others; name one of those in `network`",
                (_, [{ PrefixLength: var length }]) when length != network.Span.PrefixLength =>
                    $"its mask there is /{length}; correct one of the two",
                (_, [_]) => null,
                _ => "there are several with that address, and GestioIP finds networks by their address alone; leave one of them",
            };
            if (problem is not null)
                throw new ExtensionException(Reason.Invalid, $"{client.Called}: network {network} of client {name} cannot be used: {problem}");
        }
    }

    private async Task<IReadOnlyList<WireNetwork>> ListAsync(IReadOnlyList<ReservableNetwork> networks, CancellationToken stopping)
    {
        try
        {
            return await client.ListNetworksAsync(networks[0].Version, stopping);
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Malformed)
        {
            // Another network's comment may have spoiled the list: ours can still be read one by one.
            var found = new List<WireNetwork>();
            foreach (var network in networks)
                found.Add(await client.ReadNetworkAsync(network, stopping));
            return found;
        }
    }
}
