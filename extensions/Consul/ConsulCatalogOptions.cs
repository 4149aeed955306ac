using Interlook.Configuration;

namespace Interlook.Extensions.Consul;

/// <summary>The settings of <c>provider.consul</c>.</summary>
public sealed class ConsulCatalogOptions : ConsulConnectionOptions
{
    /// <summary>The namespace that is watched (Consul Enterprise).</summary>
    /// <value>Default: the token's own.</value>
    public string? Namespace { get; set; }

    /// <summary>The admin partition that is watched (Consul Enterprise).</summary>
    /// <value>Default: the agent's own.</value>
    public string? Partition { get; set; }

    /// <summary>Which instances get traffic, by the worst of their checks.</summary>
    /// <value>Default: passing.</value>
    internal RequiredHealth Checks { get; set; } = RequiredHealth.Passing;

    /// <summary>The tagged address that is taken where an instance has it.</summary>
    /// <value>Default: none.</value>
    public string? TaggedAddress { get; set; }

    /// <summary>False looks only at services of which an instance bears a tag that begins with <c>interlook.</c>.</summary>
    /// <value>Default: true.</value>
    public bool Meta { get; set; } = true;

    /// <summary>Time between two full comparisons.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The most queries that wait at Consul at once; more services take turns.</summary>
    /// <value>Default: 100.</value>
    public int MaxWatches { get; set; } = 100;

    /// <summary>Consul's consistency mode of every read.</summary>
    /// <value>Default: consistent.</value>
    public string Consistency { get; set; } = "consistent";

    /// <summary>How these settings are written.</summary>
    public static SettingsSchema<ConsulCatalogOptions> SettingsSchema { get; } =
        Describe(Configuration.SettingsSchema.For<ConsulCatalogOptions>(), "to watch")
            .Text("namespace", (o, text) => o.Namespace = Set(text), "The namespace to watch (Consul Enterprise).", "the token's own")
            .Text("partition", (o, text) => o.Partition = Set(text), "The admin partition to watch (Consul Enterprise).", "the agent's own")
            .Choice(
                "checks", (o, word) => o.Checks = Enum.Parse<RequiredHealth>(word, ignoreCase: true),
                "Which instances get traffic, by the worst of their checks; `any` takes all but those in maintenance.", "passing",
                "passing", "warning", "any")
            .Text(
                "taggedAddress", (o, text) => o.TaggedAddress = Set(text),
                "A tagged address, such as `wan`, that is taken where an instance or its node has it.")
            .Flag(
                "meta", (o, flag) => o.Meta = flag,
                "Looks at every service for meta such as `interlook-hosts`; `false` only at those with a tag that begins with `interlook.`.", "true")
            .Duration(
                "updateInterval", (o, time) => o.UpdateInterval = time, "Time between two full comparisons while changes are followed.",
                TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "1m")
            .Number(
                "maxWatches", (o, number) => o.MaxWatches = number,
                "The most queries that wait at Consul at once; more services than that take turns.", 1, 1000, "100")
            .Choice("consistency", (o, word) => o.Consistency = word, "Consul's consistency mode of every read.", "consistent", "consistent", "default", "stale");
}
