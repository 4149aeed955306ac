using System.Net;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interlook.Extensions.Tests.EmbeddedDns;

/// <summary>A running <c>dns.embedded</c> on a free port, and short ways to publish.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private EmbeddedServer(EmbeddedDnsOptions options, TimeProvider? time, ILoggerFactory? loggers)
    {
        Endpoint = options.Listen[0];
        Provisioner = new(options, TestContexts.Create("dns.embedded", time: time, loggers: loggers));
    }

    internal IPEndPoint Endpoint { get; }

    internal EmbeddedDnsProvisioner Provisioner { get; }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    internal static IPEndPoint FreeEndpoint(string address = "127.0.0.1") => new(IPAddress.Parse(address), TestMachine.FreePort());

    internal static async Task<EmbeddedServer> StartAsync(
        Action<EmbeddedDnsOptions>? change = null, TimeProvider? time = null, bool serve = true, ILoggerFactory? loggers = null)
    {
        var options = new EmbeddedDnsOptions { Listen = [FreeEndpoint()], Zones = ["example.org"] };
        change?.Invoke(options);
        var server = new EmbeddedServer(options, time, loggers);
        try
        {
            await server.Provisioner.StartAsync(Stopping);
            if (serve)
                await server.Provisioner.ResumeAsync(new Dictionary<ServiceKey, ServiceDefinition>(), Stopping);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    internal static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    internal static ServiceDefinition Define(string service, string? address, params string[] names) => new()
    {
        Name = service,
        Provider = "provider.test",
        DnsNames = [.. names],
        PublicIp = address is null ? null : IPAddress.Parse(address),
    };

    internal Task<ServiceDefinition> PublishAsync(string service, string? address, params string[] names) =>
        PublishAsync(Define(service, address, names));

    internal Task<ServiceDefinition> PublishAsync(ServiceDefinition definition) =>
        Provisioner.DeployAsync(Key(definition.Name), definition, [], Stopping);

    internal Task WithdrawAsync(string service) => Provisioner.UndeployAsync(Key(service), [Define(service, null)], Stopping);

    internal Task<DnsMessage> AskAsync(string name, string type) => Endpoint.AskAsync(name, type);

    public async ValueTask DisposeAsync() => await Provisioner.StopAsync(CancellationToken.None);
}
