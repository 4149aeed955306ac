using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Interlook.Extensions.HAProxy;
using Interlook.Fixtures;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>Folders of <c>Golden</c>: settings and services given, the file expected. A new case is a new folder.</summary>
public sealed class GoldenTests
{
    private const string Socket = "/run/interlook/interlook.cfg.sock";

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(Folder()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Services_become_the_expected_file(string name)
    {
        var expected = File.ReadAllText(Path.Combine(Folder(), name, "expected.cfg"));

        var text = Render(name);

        Assert.Equal(expected, text);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task HAProxy_accepts_the_expected_file(string name)
    {
        var binary = TestMachine.Require("haproxy");
        if (Render(name).StartsWith("error", StringComparison.Ordinal))
            return;
        var check = new ConfigCheck(binary, [], TimeSpan.FromSeconds(30), TimeProvider.System);

        var complaint = await check.ComplaintAsync(
            Path.Combine(Folder(), name, "expected.cfg"), TestContext.Current.CancellationToken);

        Assert.Null(complaint);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_expected_file_is_read_back_as_what_was_written(string name)
    {
        var text = Render(name);
        if (text.StartsWith("error", StringComparison.Ordinal))
            return;
        var (options, instance) = Settings(Given(name));

        var again = ConfigCandidate.Of(
            ConfigDocument.Parse(text, instance, "interlook.cfg"), new HAProxyTranslation(options, instance), instance, Socket);

        Assert.Equal(text, again.Text);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Golden");

    private static JsonElement Given(string name)
    {
        using var given = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name, "given.json")));
        return given.RootElement.Clone();
    }

    private static string Render(string name)
    {
        var given = Given(name);
        var (options, instance) = Settings(given);
        var translation = new HAProxyTranslation(options, instance);
        var document = new ConfigDocument { Foreign = given.TryGetProperty("foreign", out var foreign) ? foreign.GetString()! : "" };
        try
        {
            foreach (var service in given.GetProperty("services").EnumerateArray())
            {
                var key = new ServiceKey(
                    service.TryGetProperty("workflow", out var workflow) ? workflow.GetString()! : ServiceKey.DefaultWorkflow,
                    service.GetProperty("name").GetString()!);
                document = document.With(key, translation.Section(key, Definition(key, service)));
            }
        }
        catch (ExtensionException failure)
        {
            return $"error {failure.Reason}: {failure.Message}\n";
        }
        return ConfigCandidate.Of(document, translation, instance, Socket).Text;
    }

    private static (HAProxyOptions Options, string Instance) Settings(JsonElement given)
    {
        var options = new HAProxyOptions();
        if (given.TryGetProperty("settings", out var settings))
        {
            foreach (var written in settings.EnumerateObject())
                Assert.Null(HAProxyExtensions.SettingsSchema.Find(written.Name)!.Assign(options, [written.Value.GetString()!]));
        }
        return (options, given.TryGetProperty("instance", out var instance) ? instance.GetString()! : "test");
    }

    private static ServiceDefinition Definition(ServiceKey key, JsonElement service) => new()
    {
        Name = key.Service,
        Provider = "provider.test",
        Tls = service.TryGetProperty("tls", out var tls) && tls.GetBoolean(),
        PublicIp = service.TryGetProperty("ip", out var ip) ? IPAddress.Parse(ip.GetString()!) : null,
        Targets =
        [
            .. service.GetProperty("targets").EnumerateArray().Select(target => new Target(
                target.GetProperty("host").GetString()!,
                target.GetProperty("port").GetInt32(),
                target.TryGetProperty("weight", out var weight) ? weight.GetInt32() : 1)),
        ],
    };
}
