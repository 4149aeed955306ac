using Interlook.Configuration;

namespace Interlook.Extensions.Docker;

/// <summary>The settings of <c>provider.docker</c>.</summary>
internal sealed class DockerOptions : DockerConnectionOptions
{
    /// <summary>True follows the daemon's event stream; false only polls.</summary>
    /// <value>Default: true.</value>
    public bool Watch { get; set; } = true;

    /// <summary>Time between two listings while <see cref="Watch"/> is false.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two full comparisons while events are followed.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The network whose addresses become targets; empty takes the published ports of the Docker host.</summary>
    /// <value>Default: none.</value>
    public string TargetNetwork { get; set; } = "";

    /// <summary>The address under which the published ports of the Docker host are reached.</summary>
    /// <value>Default: the endpoint's host; for a local endpoint 127.0.0.1 or ::1.</value>
    public string HostAddress { get; set; } = "";

    internal static SettingsSchema<DockerOptions> Schema { get; } =
        Describe(SettingsSchema.For<DockerOptions>())
            .Flag("watch", (options, flag) => options.Watch = flag, "Follows the daemon's events; `false` only polls every `watchInterval`.", "true")
            .Duration(
                "watchInterval", (options, time) => options.WatchInterval = time, "Time between two listings while `watch` is `false`.",
                TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "10s")
            .Duration(
                "updateInterval", (options, time) => options.UpdateInterval = time, "Time between two full comparisons while events are followed.",
                TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), "15s")
            .Text(
                "targetNetwork", (options, text) => options.TargetNetwork = text,
                "Name or id of the network whose container addresses become targets, instead of the host's published ports.")
            .Value(
                "hostAddress", TargetAddress.Read, (options, text) => options.HostAddress = text,
                "The address under which the published ports of the Docker host are reached.",
                "the endpoint's host; for a local endpoint 127.0.0.1 (::1 for a port published for IPv6 only)", "an IP address or a host name");
}
