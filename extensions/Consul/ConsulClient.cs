using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Consul.Wire;

namespace Interlook.Extensions.Consul;

/// <summary>Speaks Consul's HTTP API: one method a call, no decisions. Safe for concurrent use.</summary>
internal sealed class ConsulClient : IDisposable
{
    /// <summary>The longest wait for one answer. Consul itself waits up to seven seconds for a leader.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly string root;
    private readonly string? datacenter;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal ConsulClient(ConsulDnsOptions options, TimeProvider time)
    {
        this.time = time;
        root = options.Url.AbsoluteUri.TrimEnd('/');
        datacenter = options.Datacenter;
        http = ConsulConnection.Open(options);
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
    public void Dispose() => http.Dispose();

    /// <summary>
    /// Reads with the mode <c>consistent</c>. In the default mode a server that has just become leader answers while it still replays its
    /// log (seen with 1.8.7 after a restart): it shows what was true long ago, and a name that was given up looks held.
    /// </summary>
    private async Task<T?> ReadAsync<T>(string path, Attempt attempt, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        path += path.Contains('?') ? "&consistent" : "?consistent";
        if (datacenter is not null)
            path += "&dc=" + Uri.EscapeDataString(datacenter);
        using var request = new HttpRequestMessage(HttpMethod.Get, root + path);
        return await SendAsync(request, attempt, type, stopping);
    }

    private async Task WriteAsync<T>(string path, T body, Attempt attempt, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, root + path);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = Json } };
        if (!await SendAsync(request, attempt, WireContext.Default.Boolean, stopping))
            throw new ExtensionException(Reason.Refused, $"{Describe(attempt)}: Consul answered false; Consul's log says more");
    }

    private async Task<T?> SendAsync<T>(HttpRequestMessage request, Attempt attempt, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!answer.IsSuccessStatusCode)
                throw ConsulFault.Of(answer, await answer.Content.ReadAsStringAsync(either.Token), Describe(attempt), time);
            RequireWhole(answer, attempt);
            await using var content = await answer.Content.ReadAsStreamAsync(either.Token);
            return await JsonSerializer.DeserializeAsync(content, type, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException late)
        {
            throw new ExtensionException(
                Reason.Timeout, $"{Describe(attempt)}: no answer within {AnswerTimeout.TotalSeconds} seconds; look at Consul's load and log", innerException: late);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            throw ConsulFault.Of(failure, Describe(attempt));
        }
    }

    /// <summary>An answer from which Consul left out what our token may not see is unknown, not empty.</summary>
    private void RequireWhole(HttpResponseMessage answer, Attempt attempt)
    {
        if (answer.Headers.TryGetValues("X-Consul-Results-Filtered-By-ACLs", out var filtered) && filtered.Contains("true"))
        {
            throw new ExtensionException(
                Reason.Unauthorized,
                $"{Describe(attempt)}: Consul left out what our token may not see; give `token` node:read and service:read for all");
        }
    }

    private string Describe(Attempt attempt) => $"Consul at {root}: {attempt.Verb} {attempt.Subject} failed";

    /// <summary>What a call wants, in words that are joined only when it fails.</summary>
    private readonly record struct Attempt(string Verb, object Subject);
}
