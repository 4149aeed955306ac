using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Consul.Wire;

namespace Interlook.Extensions.Consul;

/// <summary>The calls of <c>dns.consul</c>: one method a call, no decisions. Safe for concurrent use.</summary>
internal sealed class ConsulClient : IDisposable
{
    /// <summary>Consul refuses a client with more than 200 connections (<c>http_max_conns_per_client</c>); requests above this bound wait.</summary>
    private const int MostConnections = 64;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ConsulTransport transport;
    private readonly string? datacenter;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal ConsulClient(ConsulDnsOptions options, TimeProvider time, bool isReadOnly)
    {
        datacenter = options.Datacenter;
        transport = new(
            options, MostConnections, "node:write for our node, service:write for the names, and node:read and service:read for all", time, isReadOnly);
    }

    /// <summary>A cheap read that needs a leader and a valid token, and finds nothing.</summary>
    internal Task ProbeAsync(CancellationToken stopping) =>
        ReadAsync("/v1/catalog/service/interlook-probe", new("reading", "the catalog"), WireContext.Default.ListWireInstance, stopping);

    /// <summary>A node with its services; null when there is none.</summary>
    internal Task<WireNodeServices?> ReadNodeAsync(string node, CancellationToken stopping) =>
        ReadAsync($"/v1/catalog/node/{node}", new("reading node", node), WireContext.Default.WireNodeServices, stopping);

    /// <summary>All checks of a node.</summary>
    internal async Task<List<WireCheck>> ReadChecksAsync(string node, CancellationToken stopping) =>
        await ReadAsync($"/v1/health/node/{node}", new("reading the checks of node", node), WireContext.Default.ListWireCheck, stopping) ?? [];

    /// <summary>All instances that answer to a registration's name, with their checks.</summary>
    internal async Task<List<WireInstance>> ReadNameAsync(Registration wanted, CancellationToken stopping) =>
        await ReadAsync(
            wanted.Name.IsPlain ? $"/v1/health/service/{wanted.Name.Service}" : $"/v1/health/service/{wanted.Name.Service}?tag={wanted.Name.Tag}",
            new("reading", wanted), WireContext.Default.ListWireInstance, stopping) ?? [];

    /// <summary>The instances of a service that bear no tag.</summary>
    internal async Task<List<WireInstance>> ReadUntaggedAsync(string service, CancellationToken stopping) =>
        await ReadAsync(
            $"/v1/health/service/{service}?filter=Service.Tags%20is%20empty", new("reading", service),
            WireContext.Default.ListWireInstance, stopping) ?? [];

    /// <summary>Writes node, service and check in one transaction.</summary>
    /// <param name="body">What to write.</param>
    /// <param name="wanted">What it says, for messages.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal Task RegisterAsync(WireRegistration body, Registration wanted, CancellationToken stopping) =>
        WriteAsync(
            "/v1/catalog/register", body with { Datacenter = datacenter }, new("registering", wanted),
            WireContext.Default.WireRegistration, stopping);

    /// <summary>Removes a service with its checks; one that is not there is success.</summary>
    internal Task DeregisterAsync(string node, string serviceId, CancellationToken stopping) =>
        WriteAsync(
            "/v1/catalog/deregister", new WireDeregistration { Datacenter = datacenter, Node = node, ServiceId = serviceId },
            new("removing", serviceId), WireContext.Default.WireDeregistration, stopping);

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    /// <summary>
    /// Reads with the mode <c>consistent</c>. In the default mode a server that has just become leader answers while it still replays its
    /// log (seen with 1.8.7 after a restart): it shows what was true long ago, and a name that was given up looks held.
    /// </summary>
    private async Task<T?> ReadAsync<T>(string path, ConsulAttempt attempt, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        path += path.Contains('?') ? "&consistent" : "?consistent";
        if (datacenter is not null)
            path += "&dc=" + Uri.EscapeDataString(datacenter);
        return (await transport.GetAsync(path, attempt, type, TimeSpan.Zero, stopping)).Value;
    }

    private Task WriteAsync<T>(string path, T body, ConsulAttempt attempt, JsonTypeInfo<T> type, CancellationToken stopping) =>
        transport.PutAsync(
            path, new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = Json } }, attempt,
            WireContext.Default.Boolean, stopping);
}
