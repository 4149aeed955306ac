using System.Net;
using Interlook.Extensions.Etcd;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>Provisioners on one etcd, each stopped with the test.</summary>
internal sealed class SkyDnsBed(EtcdServer etcd) : IAsyncDisposable
{
    private readonly List<SkyDnsProvisioner> started = [];

    internal static CancellationToken Stopping => TestContext.Current.CancellationToken;

    internal static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    /// <summary>A service that is published at an address.</summary>
    internal static ServiceDefinition At(string address, params string[] names) =>
        new() { Name = names[0], Provider = "provider.test", DnsNames = [.. names], Targets = [new("10.1.0.1", 8080)], PublicIp = IPAddress.Parse(address) };

    /// <summary>A service that is published by its targets.</summary>
    internal static ServiceDefinition Of(string name, params Target[] targets) =>
        new() { Name = name, Provider = "provider.test", DnsNames = [name], Targets = [.. targets] };

    internal SkyDnsOptions Options(string api = "v3", string host = "node1", int leaseSeconds = 60) =>
        new() { Endpoints = [etcd.Url], Api = api, Hostname = host, LeaseTtl = TimeSpan.FromSeconds(leaseSeconds) };

    internal Task<SkyDnsProvisioner> StartAsync(string api = "v3", string host = "node1", int leaseSeconds = 60) =>
        StartAsync(Options(api, host, leaseSeconds));

    internal async Task<SkyDnsProvisioner> StartAsync(SkyDnsOptions options, ILoggerFactory? loggers = null)
    {
        var provisioner = new SkyDnsProvisioner(options, TestContexts.Create("dns.skydns", "interlook", loggers: loggers));
        started.Add(provisioner);
        await provisioner.StartAsync(Stopping);
        return provisioner;
    }

    /// <summary>Ends a provisioner as the death of its process would: nothing is given back.</summary>
    internal async Task EndAsync(SkyDnsProvisioner provisioner)
    {
        started.Remove(provisioner);
        await provisioner.StopAsync(CancellationToken.None);
    }

    /// <summary>The keys of v3 or v2 with their values.</summary>
    internal async Task<string[]> ReadAsync(string api = "v3") => api == "v3"
        ? [.. (await etcd.ReadAsync()).Select(each => $"{each.Key} {each.Value}")]
        : [.. (await etcd.ReadOldAsync()).Select(each => $"{each.Key} {each.Value}")];

    public async ValueTask DisposeAsync()
    {
        foreach (var provisioner in started)
            await provisioner.StopAsync(CancellationToken.None);
    }
}
