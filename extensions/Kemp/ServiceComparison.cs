namespace Interlook.Extensions.Kemp;

/// <summary>What separates a virtual service from what is wanted of it. Pure.</summary>
internal sealed class ServiceComparison
{
    private readonly WantedService wanted;
    private readonly VirtualService found;

    internal ServiceComparison(WantedService wanted, VirtualService found)
    {
        this.wanted = wanted;
        this.found = found;
        Settings = [.. wanted.Settings.Where(Differs)];
        Missing = [.. wanted.Servers.Where(server => !found.Servers.Any(server.IsSame))];
        Changed =
        [
            .. from server in wanted.Servers
               from has in found.Servers
               where server.IsSame(has) && !server.IsAsWanted(has)
               select (server, has),
        ];
        Stale = [.. found.Servers.Where(has => !wanted.Servers.Any(server => server.IsSame(has)))];
    }

    /// <summary>True when it listens elsewhere.</summary>
    internal bool Moves => found.Place != wanted.Place;

    /// <summary>Settings that are not as wanted.</summary>
    internal IReadOnlyList<ServiceSetting> Settings { get; }

    /// <summary>Real servers to add.</summary>
    internal IReadOnlyList<WantedServer> Missing { get; }

    /// <summary>Real servers whose weight or state is not as wanted.</summary>
    internal IReadOnlyList<(WantedServer Wish, RealServer Has)> Changed { get; }

    /// <summary>Real servers that are not wanted.</summary>
    internal IReadOnlyList<RealServer> Stale { get; }

    /// <summary>True when a real server that is not wanted holds the address and port of one to add.</summary>
    internal bool IsInTheWay(RealServer stale) => Missing.Any(server => server.Port == stale.Port && server.Host == stale.Address);

    /// <summary>The difference in words; null for none.</summary>
    internal string? Describe()
    {
        if (Moves)
            return $"{found} is not at {wanted.Place}";
        if (Settings is [var setting, ..])
            return $"{found} has {setting.Parameter} {found.Elements.GetValueOrDefault(setting.Element, setting.Unset)} and not {setting.Value}";
        if (Missing is [var missing, ..])
            return $"{found} lacks real server {missing}";
        if (Changed is [(_, var changed), ..])
            return $"{found} has real server {changed} with another weight or state";
        return Stale is [var stale, ..] ? $"{found} has real server {stale}, which is not wanted" : null;
    }

    private bool Differs(ServiceSetting setting)
    {
        var value = found.Elements.GetValueOrDefault(setting.Element, "");
        return !setting.Value.Equals(value == "" ? setting.Unset : value, StringComparison.OrdinalIgnoreCase);
    }
}
