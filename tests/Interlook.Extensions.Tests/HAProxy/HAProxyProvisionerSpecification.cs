using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.HAProxy;

public sealed class HAProxyProvisionerSpecification : ProvisionerSpecification
{
    private HAProxyServer server = null!;

    public override async ValueTask InitializeAsync() => server = await HAProxyServer.StartNewAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await server.DisposeAsync();
    }

    protected override IProvisioner Create(string instance) => HAProxyTests.Create(server, instance);

    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync()
    {
        var running = (await server.AskAsync("@1 show servers state")).Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words.Length > 18 && words[0] != "#" && !words[1].StartsWith("interlook_file_", StringComparison.Ordinal))
            .Select(words => $"runs {words[1]} {words[3]} {words[4]}:{words[18]} weight {words[7]} admin {words[6]}");
        var files = await File.ReadAllTextAsync(server.ForeignConfigFile) + await File.ReadAllTextAsync(server.ConfigFile);
        var sections = files.Split("# interlook begin ", StringSplitOptions.RemoveEmptyEntries)
            .Where(section => !section.Contains("listen interlook_file_", StringComparison.Ordinal))
            .Select(section => section.Replace("\n", " | ", StringComparison.Ordinal).TrimEnd(' ', '|'));
        return [.. running, .. sections];
    }

    protected override async Task PlaceForeignAsync(ServiceDefinition definition)
    {
        await server.WriteForeignAsync($"listen theirs\n    bind {definition.PublicIp}:{server.HttpPort}\n    http-request return status 204\n");
        await server.ReloadAsync();
    }

    protected override async Task RemoveForeignAsync(ServiceDefinition definition)
    {
        await server.WriteForeignAsync("");
        await server.ReloadAsync();
    }

    protected override async Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied)
    {
        var sections = (await File.ReadAllTextAsync(server.ConfigFile)).Split("# interlook begin ");
        var left = sections.Where(section => !section.Contains("key=default%2F" + key.Service, StringComparison.Ordinal));
        await File.WriteAllTextAsync(server.ConfigFile, string.Join("# interlook begin ", left));
    }

    protected override Task StopServerAsync() => server.StopAsync();

    protected override Task StartServerAsync() => server.StartAsync();
}
