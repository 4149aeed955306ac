using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>Monitors of one type.</summary>
internal sealed class MonitorKind(string type) : ObjectKind($"ltm/monitor/{type}", "Monitor")
{
    /// <summary>The types that it has.</summary>
    internal static ImmutableArray<string> Types { get; } = ["http", "https", "tcp", "tcp-half-open", "gateway-icmp"];

    /// <summary>Those that the vendor delivers.</summary>
    internal static Configuration AddDelivered(Configuration configuration)
    {
        foreach (var type in Types)
        {
            var own = new JsonObject { ["name"] = type.Replace('-', '_'), ["partition"] = "Common", ["type"] = type, ["interval"] = 5, ["timeout"] = 16 };
            configuration = configuration with
            {
                Monitors = configuration.Monitors.Add($"/Common/{type.Replace('-', '_')}", new(own, Stored.NoParts, 1)),
            };
        }
        return configuration;
    }

    protected override ImmutableHashSet<string> Writable { get; } =
        ["defaultsFrom", "description", "destination", "interval", "recv", "send", "timeout"];

    internal override ImmutableSortedDictionary<string, Stored> In(Configuration configuration) =>
        configuration.Monitors.RemoveRange(configuration.Monitors.Where(monitor => monitor.Value.Text("type") != type).Select(monitor => monitor.Key));

    internal override Configuration With(Configuration configuration, ImmutableSortedDictionary<string, Stored> objects) =>
        configuration with { Monitors = configuration.Monitors.RemoveRange(In(configuration).Keys).AddRange(objects) };

    internal override Configuration Delete(Configuration configuration, string fullPath)
    {
        if (configuration.Pools.Values.Any(pool => PoolKind.MonitorsIn(pool.Text("monitor")).Contains(fullPath)))
            throw new RefusedException(400, $"01070083:3: Monitor {fullPath} is in use.", 3);
        return base.Delete(configuration, fullPath);
    }

    protected override JsonObject Defaults() => new() { ["interval"] = 5, ["timeout"] = 16 };

    protected override Configuration Set(Configuration configuration, string fullPath, Stored before, JsonObject changes)
    {
        var own = Stored.Merge(before.Own, changes);
        own["type"] = type;
        return Store(configuration, fullPath, before with { Own = own });
    }
}
