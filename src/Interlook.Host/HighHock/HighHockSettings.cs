using System.Collections.Immutable;

namespace Interlook.Host.HighHock;

/// <summary>The settings of HighHock, in the order of its own page, and those that came with Interlook behind them.</summary>
internal static class HighHockSettings
{
    /// <summary>The API's port where none is asked for. Not 8080, which HighHock's users have their containers publish.</summary>
    internal const int UsualApiPort = 4080;

    private const string Docker = "provider.docker";
    private const string SkyDns = "dns.skydns";

    internal static ImmutableArray<HighHockSetting> All { get; } =
    [
        new("etcd.url", "etcd-url", "e", SettingShape.List, SkyDns, "endpoints", "http://127.0.0.1:4001/", "where etcd answers; several with commas"),
        new("etcd.ttl", "etcd-ttl", "ttl", SettingShape.Seconds, SkyDns, "leaseTtl", "60", "how long records outlive a HighHock that has died"),
        new("etcd.api", "etcd-api", "", SettingShape.Text, SkyDns, "api", "auto", "v2, v3, or auto: v2 where etcd has it"),
        new("skydns.domain", "skydns-domain", "sd", SettingShape.Text, SkyDns, "domain", "skydns.local", "the domain of the names"),
        new("skydns.ttl", "skydns-ttl", "st", SettingShape.Seconds, SkyDns, "ttl", "60", "how long a resolver may keep an answer, if etcd's is not less"),
        new("skydns.hostname", "skydns-hostname", "sn", SettingShape.Text, SkyDns, "hostname", "", "what the last part of a key begins with; default the host's name"),
        new("skydns.legacyKeys", "legacy-keys", "", SettingShape.Switch, SkyDns, "legacyKeys", "false", "writes exactly HighHock's keys: one record a name and host"),
        new("docker.version", "docker-version", "dv", SettingShape.Text, "", "the version is agreed on with the daemon", "", "no effect: agreed on with the daemon"),
        new("docker.url", "docker-url", "d", SettingShape.Text, Docker, "endpoint", "http://127.0.0.1:2375/", "where Docker answers; also unix:///var/run/docker.sock"),
        new("docker.poll", "docker-poll", "p", SettingShape.Seconds, Docker, "updateInterval", "10", "time between two listings; events tell of changes at once"),
        new("docker.pollContainer", "docker-poll-container", "cp", SettingShape.Seconds, "", "events tell of changes at once", "", "no effect: events tell of changes"),
        new("discovery.host", "discovery-host", "", SettingShape.Text, Docker, "host", "", "the host to announce; else EXTERNAL_IP, else the interface's address"),
        new("discovery.interface", "discovery-iface", "i", SettingShape.Text, Docker, "interface", "eth0", "the interface whose address is announced"),
        new("logLevel", "log-level", "l", SettingShape.Level, HighHockSetting.Core, "logLevel", "NOTICE", LogWord.All),
        new("", "api-port", "", SettingShape.Port, HighHockSetting.Core, "listenPort", "", $"the port of Interlook's API on 127.0.0.1; default {UsualApiPort}, or a free one"),
    ];

    /// <summary>The setting of these keys in the file, or null.</summary>
    internal static HighHockSetting? OfPath(string path) => All.FirstOrDefault(setting => setting.Path.Length > 0 && setting.Path == path);

    /// <summary>The setting of a flag as it is written, or null.</summary>
    internal static HighHockSetting? OfFlag(string flag) =>
        All.FirstOrDefault(setting => flag == $"--{setting.Flag}" || (setting.Short.Length > 0 && flag == $"-{setting.Short}"));
}
