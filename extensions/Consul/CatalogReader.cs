using System.Globalization;
using System.Text;
using Interlook.Extensions.Consul.Wire;

namespace Interlook.Extensions.Consul;

/// <summary>The calls of <c>provider.consul</c>: reads of the catalog, blocking or not. No decisions. Safe for concurrent use.</summary>
internal sealed class CatalogReader : IDisposable
{
    /// <summary>What <c>dns.consul</c> registered, of whichever Interlook, never asks for publication: Consul need not send it.</summary>
    private const string NotOfInterlook = "\"" + OwnershipMark.Instance + "\" not in Service.Meta";

    /// <summary>Connections for the list, checks and refreshes, beside those that wait for services.</summary>
    private const int FurtherConnections = 8;

    private readonly ConsulTransport transport;
    private readonly string scope;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal CatalogReader(ConsulCatalogOptions options, TimeProvider time)
    {
        transport = new(options, options.MaxWatches + FurtherConnections, "node:read and service:read for all", time);
        scope = Scope(options);
    }

    /// <summary>A cheap read that needs a leader and a valid token, and finds nothing.</summary>
    internal Task ProbeAsync(CancellationToken stopping) => transport.GetAsync(
        $"/v1/catalog/service/interlook-probe{scope}", new("reading", "the catalog"), WireContext.Default.ListWireInstance, TimeSpan.Zero, stopping);

    /// <summary>The names of all services, each with the tags of its instances.</summary>
    /// <param name="index">Answer when it differs from what was true at this index; 0 answers at once.</param>
    /// <param name="wait">How long to wait for that.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<ConsulAnswer<Dictionary<string, string[]>>> ReadServicesAsync(ulong index, TimeSpan wait, CancellationToken stopping)
    {
        var answer = await transport.GetAsync(
            $"/v1/catalog/services{scope}{Blocking(index, wait)}", new("reading", "the list of services"),
            WireContext.Default.DictionaryStringStringArray, index == 0 ? TimeSpan.Zero : wait, stopping);
        return answer.Value is null ? throw NoContent("reading", "the list of services") : answer;
    }

    /// <summary>The instances of a service, with their nodes and checks.</summary>
    /// <param name="service">Its name in Consul.</param>
    /// <param name="all">False leaves out what <c>dns.consul</c> registered, which can be thousands.</param>
    /// <param name="index">Answer when it differs from what was true at this index; 0 answers at once.</param>
    /// <param name="wait">How long to wait for that.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<ConsulAnswer<List<WireInstance>>> ReadInstancesAsync(
        string service, bool all, ulong index, TimeSpan wait, CancellationToken stopping)
    {
        if (service is "." or "..")
            throw new ExtensionException(Reason.Refused, $"service '{service}' has a name that no URL can hold: rename it");
        var filter = all ? "" : "&filter=" + Uri.EscapeDataString(NotOfInterlook);
        var answer = await transport.GetAsync(
            $"/v1/health/service/{Uri.EscapeDataString(service)}{scope}{filter}{Blocking(index, wait)}", new("reading service", service),
            WireContext.Default.ListWireInstance, index == 0 ? TimeSpan.Zero : wait, stopping);
        return answer.Value is null ? throw NoContent("reading service", service) : answer;
    }

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private ExtensionException NoContent(string verb, string subject) => new(
        Reason.Malformed, $"{transport.Describe(new(verb, subject))}: the answer is empty, which Consul's never is; is `url` the address of a Consul agent?");

    private static string Blocking(ulong index, TimeSpan wait) =>
        index == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"&index={index}&wait={Math.Max(1, (long)wait.TotalMilliseconds)}ms");

    private static string Scope(ConsulCatalogOptions options)
    {
        var scope = new StringBuilder("?").Append(options.Consistency); // a flag without value; Consul does not know `default` and takes it as such
        foreach (var (key, value) in new[] { ("dc", options.Datacenter), ("ns", options.Namespace), ("partition", options.Partition) })
        {
            if (value is not null)
                scope.Append(CultureInfo.InvariantCulture, $"&{key}={Uri.EscapeDataString(value)}");
        }
        return scope.ToString();
    }
}
