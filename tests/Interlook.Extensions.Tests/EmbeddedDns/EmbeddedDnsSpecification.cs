using System.Net;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>The provisioners' kit: the outside system is what the server answers to whoever asks.</summary>
public sealed class EmbeddedDnsSpecification : ProvisionerSpecification
{
    private readonly IPEndPoint endpoint = EmbeddedServer.FreeEndpoint();
    private readonly HashSet<string> asked = [];
    private EmbeddedDnsProvisioner? current;

    protected override bool IsShared => false;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    protected override IProvisioner Create(string instance) => current = Make(instance);

    protected override IProvisioner CreateLooking(string instance) => TestContexts.Looking(() => Make(instance));

    private EmbeddedDnsProvisioner Make(string instance) => new EmbeddedDnsProvisioner(
        new EmbeddedDnsOptions { Listen = [endpoint], Zones = ["example.org", "example.net"] }, TestContexts.Create("dns.embedded", instance));

    /// <summary>Asks for every name that any definition of this test could have, and for the addresses' names.</summary>
    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync()
    {
        await current!.CheckAsync(Stopping); // a server that nobody has called yet lets its clients wait
        var lines = new List<string>();
        foreach (var question in asked)
        {
            var (name, type) = (question.Split(' ')[0], question.Split(' ')[1]);
            lines.AddRange((await endpoint.AskAsync(name, type)).Answers);
        }
        return lines;
    }

    protected override ServiceDefinition Define(string service, int number, int revision = 0)
    {
        var definition = base.Define(service, number, revision) with
        {
            DnsNames = [$"app{number}.example.net", $"r{revision}.app{number}.example.org", $"*.w{revision}.app{number}.example.org"],
        };
        foreach (var name in definition.DnsNames)
        {
            asked.Add($"{name} A");
            asked.Add($"_http._tcp.{name} SRV");
        }
        asked.Add($"{string.Join('.', definition.PublicIp!.GetAddressBytes().Reverse())}.in-addr.arpa PTR");
        return definition;
    }

    protected override Task PlaceForeignAsync(ServiceDefinition definition) => SkipAsync("nobody else puts names into a server of ours");

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => SkipAsync("nobody else puts names into a server of ours");

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) => SkipAsync("nobody else takes names out of a server of ours");

    protected override Task StopServerAsync() => SkipAsync("the server is a part of Interlook and is never away");

    protected override Task StartServerAsync() => Task.CompletedTask;

    private static Task SkipAsync(string reason)
    {
        Assert.Skip(reason);
        return Task.CompletedTask;
    }
}
