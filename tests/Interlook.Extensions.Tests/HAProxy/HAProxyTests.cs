using System.Net;
using Interlook.Extensions.HAProxy;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>What the tests on a real HAProxy share.</summary>
internal static class HAProxyTests
{
    public static HAProxyOptions Options(HAProxyServer server, Action<HAProxyOptions>? change = null)
    {
        var options = new HAProxyOptions
        {
            ConfigFile = server.ConfigFile,
            MasterSocket = server.MasterSocket,
            OtherConfigFiles = [server.ForeignConfigFile],
            Binary = server.Binary,
            HttpPort = server.HttpPort,
            HttpsPort = server.HttpsPort,
            ReloadInterval = TimeSpan.Zero,
        };
        change?.Invoke(options);
        return options;
    }

    public static IProvisioner Create(HAProxyServer server, string instance = "test", Action<HAProxyOptions>? change = null) =>
        new HAProxyProvisioner(Options(server, change), TestContexts.Create("lb.haproxy", instance));

    public static async Task<IProvisioner> StartAsync(HAProxyServer server, Action<HAProxyOptions>? change = null)
    {
        var provisioner = Create(server, change: change);
        await provisioner.StartAsync(TestContext.Current.CancellationToken);
        return provisioner;
    }

    public static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    public static ServiceDefinition Define(string service, string ip, params Target[] targets) => new()
    {
        Name = service,
        Provider = "provider.test",
        PublicIp = IPAddress.Parse(ip),
        Targets = [.. targets],
    };

    public static Task DeployAsync(this IProvisioner provisioner, ServiceDefinition definition) =>
        provisioner.DeployAsync(Key(definition.Name), definition, [], TestContext.Current.CancellationToken);

    public static Task UndeployAsync(this IProvisioner provisioner, ServiceDefinition definition) =>
        provisioner.UndeployAsync(Key(definition.Name), [definition], TestContext.Current.CancellationToken);

    public static Task<Observation> ObserveAsync(this IProvisioner provisioner, params IEnumerable<ServiceDefinition> applied) =>
        provisioner.ObserveAsync(applied.ToDictionary(definition => Key(definition.Name)), TestContext.Current.CancellationToken);
}
