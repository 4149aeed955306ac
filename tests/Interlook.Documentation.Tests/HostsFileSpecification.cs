using Interlook.Extensions.HostsFile;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;

namespace Interlook.Documentation.Tests;

/// <summary><c>dns.hostsfile</c> shows what every provisioner must. Its outside system is a file, which is real.</summary>
public sealed class HostsFileSpecification : ProvisionerSpecification
{
    private readonly TemporaryFolder folder = new();

    private string Hosts => folder.File("hosts");

    public override async ValueTask InitializeAsync() =>
        await File.WriteAllTextAsync(Hosts, "127.0.0.1\tlocalhost\n\n# The administrator's own lines\n192.0.2.7 printer\n", Stopping);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    protected override IProvisioner Create(string instance) =>
        new HostsFileProvisioner(new HostsFileOptions { File = Hosts }, TestContexts.Create("dns.hostsfile", instance));

    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync() => await File.ReadAllLinesAsync(Hosts, Stopping);

    protected override Task PlaceForeignAsync(ServiceDefinition definition) =>
        File.AppendAllTextAsync(Hosts, $"192.0.2.8 {definition.DnsNames[0]}\n", Stopping);

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => RemoveAsync(line => line.StartsWith("192.0.2.8 ", StringComparison.Ordinal));

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) =>
        RemoveAsync(line => line.EndsWith($" {Uri.EscapeDataString(key.Path)}", StringComparison.Ordinal));

    protected override Task StopServerAsync()
    {
        File.Move(Hosts, Hosts + ".away");
        return Task.CompletedTask;
    }

    protected override Task StartServerAsync()
    {
        File.Move(Hosts + ".away", Hosts);
        return Task.CompletedTask;
    }

    private async Task RemoveAsync(Predicate<string> which) =>
        await File.WriteAllLinesAsync(Hosts, (await File.ReadAllLinesAsync(Hosts, Stopping)).Where(line => !which(line)), Stopping);
}
