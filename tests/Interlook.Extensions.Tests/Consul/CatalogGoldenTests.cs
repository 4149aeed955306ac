using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interlook.Extensions.Consul;
using Interlook.Extensions.Consul.Wire;
using Interlook.Providers;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>
/// What Consul says, and what must be published: a folder of <c>Golden</c> a case. <c>INTERLOOK_WRITE_GOLDEN=1</c> writes what is published
/// now, to be looked at.
/// </summary>
public sealed class CatalogGoldenTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(Folder()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_Consul_says_becomes_what_is_expected(string name)
    {
        var file = Path.Combine(Folder(), name, "expected.json");

        var actual = Translate(Path.Combine(Folder(), name, "given.json"));

        if (Environment.GetEnvironmentVariable("INTERLOOK_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, actual + "\n");
        Assert.Equal(File.ReadAllText(file).Trim(), actual);
    }

    private static string Translate(string file)
    {
        using var given = JsonDocument.Parse(File.ReadAllText(file));
        var options = new ConsulCatalogOptions();
        if (given.RootElement.TryGetProperty("settings", out var settings))
        {
            foreach (var setting in settings.EnumerateObject())
                Assert.Null(ConsulCatalogOptions.SettingsSchema.Find(setting.Name)!.Assign(options, [setting.Value.GetString()!]));
        }
        var table = new CatalogTable(ConsulExtensions.Catalog, ImmutableDictionary<string, ServiceReading>.Empty);
        var translation = new CatalogTranslation(options);
        foreach (var step in new[] { "before", "services" })
        {
            if (!given.RootElement.TryGetProperty(step, out var services))
                continue;
            foreach (var service in services.EnumerateObject())
            {
                var instances = service.Value.Deserialize(WireContext.Default.ListWireInstance)!;
                table.Set(service.Name, translation.Read(service.Name, instances, table.Last(service.Name)), all: true);
            }
        }
        return Write(table.Snapshot().Services, table.Rejections());
    }

    private static string Write(IEnumerable<ServiceDefinition> services, IEnumerable<Rejection> rejections) => new JsonObject
    {
        ["services"] = new JsonArray([.. services.Select(Write)]),
        ["rejections"] = new JsonArray([.. rejections.Select(rejection => (JsonNode)$"{rejection.Subject}: {rejection.Problem}")]),
    }.ToJsonString(new JsonSerializerOptions
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = WireContext.Default,
    });

    private static JsonObject Write(ServiceDefinition service) => new()
    {
        ["name"] = service.Name,
        ["hosts"] = new JsonArray([.. service.DnsNames.Select(name => (JsonNode)name)]),
        ["targets"] = new JsonArray([.. service.Targets.Select(target => (JsonNode)$"{target.Endpoint} weight {target.Weight}")]),
        ["tls"] = service.Tls,
        ["ip"] = service.PublicIp?.ToString(),
    };

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Golden");
}
