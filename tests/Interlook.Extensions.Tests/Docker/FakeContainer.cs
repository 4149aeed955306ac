using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>A container of the fake daemon, as the API tells it.</summary>
[SuppressMessage("Maintainability", "CA1507", Justification = "These are the words of the API, not our names.")]
internal sealed record FakeContainer
{
    internal required string Id { get; init; }

    internal required string Name { get; init; }

    internal IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    internal IReadOnlyList<string> Environment { get; init; } = [];

    internal string Status { get; init; } = "running";

    internal string? Health { get; init; }

    internal int? StopTimeout { get; init; }

    internal int Age { get; init; }

    internal string NetworkMode { get; init; } = "default";

    internal int ContainerPort { get; init; } = 80;

    internal int HostPort { get; init; } = 32768;

    internal string HostIp { get; init; } = "0.0.0.0";

    private string Created => $"2026-01-01T00:00:{Age.ToString("00", CultureInfo.InvariantCulture)}.123456789Z";

    private string PortKey => $"{ContainerPort}/tcp";

    internal JsonObject Summary() => new()
    {
        ["Id"] = Id,
        ["Names"] = new JsonArray("/" + Name),
        ["Created"] = 1767225600 + Age,
        ["Labels"] = LabelsJson(),
        ["State"] = Status,
        ["Status"] = Health is null ? "Up 5 seconds" : $"Up 5 seconds ({(Health == "starting" ? "health: starting" : Health)})",
        ["Ports"] = new JsonArray(new JsonObject { ["IP"] = HostIp, ["PrivatePort"] = ContainerPort, ["PublicPort"] = HostPort, ["Type"] = "tcp" }),
        ["HostConfig"] = new JsonObject { ["NetworkMode"] = NetworkMode },
        ["NetworkSettings"] = new JsonObject { ["Networks"] = Networks() },
    };

    internal JsonObject Inspect() => new()
    {
        ["Id"] = Id,
        ["Name"] = "/" + Name,
        ["Created"] = Created,
        ["State"] = new JsonObject
        {
            ["Status"] = Status,
            ["Running"] = Status is "running" or "paused" or "restarting",
            ["Health"] = Health is null ? null : new JsonObject { ["Status"] = Health },
        },
        ["HostConfig"] = new JsonObject { ["NetworkMode"] = NetworkMode },
        ["Config"] = new JsonObject
        {
            ["Labels"] = LabelsJson(),
            ["Env"] = new JsonArray([.. Environment.Select(item => (JsonNode)item)]),
            ["ExposedPorts"] = new JsonObject { [PortKey] = new JsonObject() },
            ["StopTimeout"] = StopTimeout,
        },
        ["NetworkSettings"] = new JsonObject
        {
            ["Ports"] = new JsonObject
            {
                [PortKey] = new JsonArray(new JsonObject { ["HostIp"] = HostIp, ["HostPort"] = HostPort.ToString(CultureInfo.InvariantCulture) }),
            },
            ["Networks"] = Networks(),
        },
    };

    internal JsonObject Event(string action, string? signal = null)
    {
        var attributes = LabelsJson();
        attributes["name"] = Name;
        if (signal is not null)
            attributes["signal"] = signal;
        return new JsonObject
        {
            ["Type"] = "container",
            ["Action"] = action,
            ["Actor"] = new JsonObject { ["ID"] = Id, ["Attributes"] = attributes },
            ["scope"] = "local",
        };
    }

    private static JsonObject Networks() => new() { ["bridge"] = new JsonObject { ["NetworkID"] = "net1", ["IPAddress"] = "172.17.0.2" } };

    private JsonObject LabelsJson()
    {
        var labels = new JsonObject();
        foreach (var (key, value) in Labels)
            labels[key] = value;
        return labels;
    }
}
