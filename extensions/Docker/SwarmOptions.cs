using Interlook.Configuration;

namespace Interlook.Extensions.Docker;

/// <summary>The settings of <c>provider.swarm</c>.</summary>
internal sealed class SwarmOptions : DockerConnectionOptions
{
    /// <summary>True follows the manager's event stream; false only polls.</summary>
    /// <value>Default: true.</value>
    public bool Watch { get; set; } = true;

    /// <summary>Time between two readings of services, tasks and nodes while nothing moves.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(15);

    internal static SettingsSchema<SwarmOptions> Schema { get; } =
        Describe(SettingsSchema.For<SwarmOptions>())
            .Flag("watch", (options, flag) => options.Watch = flag, "Follows the manager's events; `false` only polls every `pollInterval`.", "true")
            .Duration(
                "pollInterval", (options, time) => options.PollInterval = time,
                "Time between two readings of services, tasks and nodes; at most 2s while a service converges.",
                TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "15s", "updateInterval", "watchInterval");
}
