using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interlook.Extensions.Docker;
using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>One folder of <c>Golden</c>: what Docker says, and what must come of it.</summary>
internal static class GoldenCase
{
    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Golden");

    internal static IEnumerable<string> Names() =>
        Directory.EnumerateDirectories(Folder()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    internal static string Expected(string name) => Pretty(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(), name, "expected.json")))!);

    internal static string Translate(string name)
    {
        using var given = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name, "given.json")));
        return given.RootElement.TryGetProperty("containers", out _) ? TranslateContainers(given.RootElement) : TranslateSwarm(given.RootElement);
    }

    private static string TranslateContainers(JsonElement given)
    {
        var settings = given.TryGetProperty("settings", out var written)
            ? written.EnumerateObject().Select(setting => (setting.Name, setting.Value.GetString()!)).ToArray()
            : [];
        var translation = Translation(DockerContext.Options(DockerOptions.Schema, settings));
        var containers = given.GetProperty("containers").EnumerateArray()
            .Select(container => container.Deserialize(DockerJson.Default.ContainerInspect)!).ToList();
        var table = new ContainerTable("provider.docker", []);
        foreach (var container in containers)
        {
            var followed = DockerTranslation.FollowedContainer(container) is { } id ? containers.Find(other => other.Id == id) : null;
            table.Set(container.Id, translation.Read(container, followed), null, []);
        }
        return Write(table.Services(), table.Rejections());
    }

    private static DockerTranslation Translation(DockerOptions options) => new(options, new PublicHost(options.Host, "the case"));

    private static string TranslateSwarm(JsonElement given)
    {
        var translation = new SwarmTranslation("provider.swarm", !given.TryGetProperty("remote", out _));
        var nodes = given.GetProperty("nodes").Deserialize(DockerJson.Default.SwarmNodeArray)!;
        var before = given.TryGetProperty("before", out var earlier) ? Read(earlier, nodes, translation, null) : null;
        var reading = Read(given, nodes, translation, before);
        return Write(reading.Services, reading.Rejections, reading.IsConverging);
    }

    private static SwarmReading Read(JsonElement given, SwarmNode[] nodes, SwarmTranslation translation, SwarmReading? before) => translation.Read(
        new SwarmPicture(
            given.GetProperty("services").Deserialize(DockerJson.Default.SwarmServiceArray)!,
            given.GetProperty("tasks").Deserialize(DockerJson.Default.SwarmTaskArray)!,
            nodes),
        before is null ? new Dictionary<string, ServicePart>() : before.Parts);

    private static string Write(IEnumerable<ServiceDefinition> services, IEnumerable<Rejection> rejections, bool? converging = null)
    {
        var json = new JsonObject
        {
            ["services"] = new JsonArray([.. services.OrderBy(service => service.Name, StringComparer.Ordinal).Select(Write)]),
            ["rejections"] = new JsonArray([.. rejections.Select(rejection => (JsonNode)$"{rejection.Subject}: {rejection.Problem}")]),
        };
        if (converging is { } moving)
            json["converging"] = moving;
        return Pretty(json);
    }

    private static JsonObject Write(ServiceDefinition service) => new()
    {
        ["name"] = service.Name,
        ["hosts"] = new JsonArray([.. ((IEnumerable<string>)service.DnsNames).Select(name => (JsonNode)name)]),
        ["targets"] = new JsonArray([.. ((IEnumerable<Target>)service.Targets).Select(target => (JsonNode)$"{target.Endpoint} weight {target.Weight}")]),
        ["tls"] = service.Tls,
        ["ip"] = service.PublicIp is IPAddress ip ? ip.ToString() : null,
    };

    private static string Pretty(JsonNode json) => json.ToJsonString(new JsonSerializerOptions
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = DockerJson.Default,
    });
}
