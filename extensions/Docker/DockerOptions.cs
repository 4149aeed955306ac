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

    /// <summary>What of a container asks for publication: <c>label</c>, <c>env</c> for the variable DISCOVER, or <c>both</c>.</summary>
    /// <value>Default: <c>label</c>.</value>
    public string Discovery { get; set; } = "label";

    /// <summary>The address or name under which targets of the variable are announced; empty has it looked for.</summary>
    /// <value>Default: none.</value>
    public string Host { get; set; } = "";

    /// <summary>The cloud whose metadata service is asked for the public host: <c>off</c>, <c>auto</c>, <c>aws</c>, <c>gce</c>, <c>digitalocean</c>.</summary>
    /// <value>Default: <c>off</c>.</value>
    public string Metadata { get; set; } = MetadataOff;

    /// <summary>The network interface whose address is the public host where nothing else says it.</summary>
    /// <value>Default: <c>eth0</c>.</value>
    public string Interface { get; set; } = "eth0";

    /// <summary>True announces the targets anew when the interface's address changes.</summary>
    /// <value>Default: false.</value>
    public bool WatchInterface { get; set; }

    internal const string MetadataOff = "off";

    internal bool FindsByLabels => Discovery != "env";

    internal bool FindsByEnvironment => Discovery != "label";

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
                "the endpoint's host; for a local endpoint 127.0.0.1 (::1 for a port published for IPv6 only)", "an IP address or a host name")
            .Choice(
                "discovery", (options, word) => options.Discovery = word,
                "What of a container asks for publication: its labels, or its variable `DISCOVER=name:port`.", "label", "label", "env", "both")
            .Value(
                "host", TargetAddress.Read, (options, text) => options.Host = text,
                "The public host: where targets of the variable are announced.",
                "the environment variable `EXTERNAL_IP`, else what `metadata` says, else the address of `interface`", "an IP address or a host name")
            .Choice(
                "metadata", (options, word) => options.Metadata = word, "The cloud whose metadata service is asked for the public host.",
                MetadataOff, MetadataOff, "auto", "aws", "gce", "digitalocean")
            .Text("interface", (options, text) => options.Interface = text, "The network interface whose address is the public host where nothing else says it.", "eth0")
            .Flag(
                "watchInterface", (options, flag) => options.WatchInterface = flag,
                "Looks every 5 seconds whether the address of `interface` has changed, and announces the targets anew.")
            .Rule(CheckDiscovery);

    private static IEnumerable<SettingProblem> CheckDiscovery(DockerOptions options)
    {
        if (options.FindsByLabels)
            yield break;
        if (options.TargetNetwork != "")
            yield return new SettingProblem("targetNetwork", "is for containers that ask by labels: remove it, or set discovery to both");
        if (options.HostAddress != "")
            yield return new SettingProblem("hostAddress", "is for containers that ask by labels: write host for those that ask by a variable");
    }
}
