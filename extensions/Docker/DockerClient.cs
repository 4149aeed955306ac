using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>
/// The Docker Engine API as far as providers need it: requests and answers, no decisions. Safe for concurrent use; connections are kept
/// and reused, except that each event stream gets one of its own.
/// </summary>
internal sealed class DockerClient(DockerConnectionOptions options, TimeProvider time)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    private readonly Uri baseAddress = options.Endpoint.BaseAddress(options.IsEncrypted);
    private readonly Lazy<HttpMessageInvoker> requests = new(() => DockerTransport.Open(options), LazyThreadSafetyMode.PublicationOnly);
    private volatile string? versionPath;
    private volatile bool isPodman;

    /// <summary>Where the daemon listens.</summary>
    internal DockerEndpoint Endpoint => options.Endpoint;

    /// <summary>Asks whether the daemon is there, and agrees on the version of the API.</summary>
    internal async Task<ApiVersion> NegotiateAsync(CancellationToken stopping)
    {
        const string What = "reaching the daemon";
        return await WithinDeadlineAsync(What, async limit =>
        {
            var answer = await SendAsync(requests.Value, HttpMethod.Head, "/_ping", limit);
            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
            {
                answer.Dispose();
                answer = await SendAsync(requests.Value, HttpMethod.Get, "/_ping", limit);
            }
            using (answer)
            {
                if (!answer.IsSuccessStatusCode)
                    throw await DockerFailures.OfStatusAsync(What, options.Endpoint, answer, time, limit);
                return Agree(answer);
            }
        }, stopping);
    }

    /// <summary>Lists containers with all these labels, also ones that do not run.</summary>
    internal Task<ContainerSummary[]?> ListContainersAsync(string[] labels, CancellationToken stopping) => GetAsync(
        "listing containers", $"/containers/json?all=1{(labels.Length == 0 ? "" : $"&filters={Filter("label", labels)}")}",
        DockerJson.Default.ContainerSummaryArray, stopping);

    /// <summary>Reads one container; null when there is none.</summary>
    internal Task<ContainerInspect?> InspectContainerAsync(string id, CancellationToken stopping) =>
        GetAsync(
            "inspecting a container", $"/containers/{Uri.EscapeDataString(id)}/json", DockerJson.Default.ContainerInspect, stopping, missingIsNull: true);

    /// <summary>Lists Swarm services.</summary>
    internal Task<SwarmService[]?> ListServicesAsync(string filter, string[] values, CancellationToken stopping) =>
        GetAsync("listing services", $"/services?filters={Filter(filter, values)}", DockerJson.Default.SwarmServiceArray, stopping);

    /// <summary>Lists the tasks that ought to run, of some services or of all.</summary>
    /// <returns>Null when one of the services has gone meanwhile.</returns>
    internal Task<SwarmTask[]?> ListTasksAsync(string[]? services, CancellationToken stopping)
    {
        var filters = new Dictionary<string, string[]> { ["desired-state"] = ["running"] };
        if (services is not null)
            filters["service"] = services;
        return GetAsync("listing tasks", $"/tasks?filters={Encode(filters)}", DockerJson.Default.SwarmTaskArray, stopping, missingIsNull: services is not null);
    }

    /// <summary>Lists the nodes of the swarm.</summary>
    internal Task<SwarmNode[]?> ListNodesAsync(CancellationToken stopping) =>
        GetAsync("listing nodes", "/nodes", DockerJson.Default.SwarmNodeArray, stopping);

    /// <summary>Reads what the engine says of itself.</summary>
    internal Task<EngineInspect?> InspectEngineAsync(CancellationToken stopping) =>
        GetAsync("reading the engine's state", "/info", DockerJson.Default.EngineInspect, stopping);

    /// <summary>Opens the event stream on a fresh connection. Events from this call on are in it.</summary>
    /// <param name="types">Kinds of objects.</param>
    /// <param name="actions">What happens to them, matched as a prefix; an engine that cannot match prefixes gets no such filter.</param>
    /// <param name="stopping">Ends the wait for the stream, not the stream.</param>
    internal async Task<DockerEventStream> OpenEventsAsync(string[] types, string[] actions, CancellationToken stopping)
    {
        const string What = "opening the event stream";
        await EnsureVersionAsync(stopping);
        var filters = new Dictionary<string, string[]> { ["type"] = types };
        if (!isPodman)
            filters["event"] = actions;
        var connection = DockerTransport.Open(options);
        try
        {
            var answer = await WithinDeadlineAsync(What, async limit =>
            {
                var opened = await SendAsync(connection, HttpMethod.Get, $"{versionPath}/events?filters={Encode(filters)}", limit);
                if (opened.IsSuccessStatusCode)
                    return opened;
                using (opened)
                    throw await DockerFailures.OfStatusAsync(What, options.Endpoint, opened, time, limit);
            }, stopping);
            return new DockerEventStream(options.Endpoint, connection, answer, await answer.Content.ReadAsStreamAsync(stopping));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Lets go of the kept connections.</summary>
    internal void Close()
    {
        if (requests.IsValueCreated)
            requests.Value.Dispose();
    }

    private async Task<T?> GetAsync<T>(
        string what, string path, JsonTypeInfo<T> type, CancellationToken stopping, bool missingIsNull = false)
        where T : class
    {
        await EnsureVersionAsync(stopping);
        return await WithinDeadlineAsync(what, async limit =>
        {
            using var answer = await SendAsync(requests.Value, HttpMethod.Get, versionPath + path, limit);
            if (missingIsNull && answer.StatusCode == HttpStatusCode.NotFound)
                return null;
            if (!answer.IsSuccessStatusCode)
                throw await DockerFailures.OfStatusAsync(what, options.Endpoint, answer, time, limit);
            return await JsonBody.ReadAsync(answer, type, limit) ?? throw new JsonException("the answer is null");
        }, stopping);
    }

    private async ValueTask EnsureVersionAsync(CancellationToken stopping)
    {
        if (versionPath is null)
            await NegotiateAsync(stopping);
    }

    private ApiVersion Agree(HttpResponseMessage answer)
    {
        var stated = answer.Headers.TryGetValues("Api-Version", out var values) ? values.FirstOrDefault() : null;
        if (!ApiVersion.TryParse(stated, out var server))
        {
            throw new ExtensionException(
                Reason.Malformed, $"what answers at {options.Endpoint.Text} names no Docker API version: check that the endpoint is a Docker API");
        }
        if (server.CompareTo(ApiVersion.Oldest) < 0)
        {
            throw new ExtensionException(
                Reason.Refused,
                $"Docker at {options.Endpoint.Text} speaks API {server}; Interlook needs {ApiVersion.Oldest} or later: upgrade the Docker Engine");
        }
        var common = ApiVersion.Common(server);
        isPodman = answer.Headers.Contains("Libpod-API-Version");
        versionPath = $"/v{common}";
        return common;
    }

    private Task<HttpResponseMessage> SendAsync(HttpMessageInvoker connection, HttpMethod method, string path, CancellationToken limit)
    {
        var request = new HttpRequestMessage(method, new Uri(baseAddress.AbsoluteUri.TrimEnd('/') + path)) { Version = HttpVersion.Version11 };
        return connection.SendAsync(request, limit);
    }

    private async Task<T> WithinDeadlineAsync<T>(string what, Func<CancellationToken, Task<T>> ask, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(AnswerTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new OperationCanceledException(stopping);
        }
        catch (OperationCanceledException)
        {
            throw DockerFailures.OfDeadline(what, options.Endpoint, AnswerTimeout);
        }
        catch (Exception failure) when (DockerFailures.Of(what, options.Endpoint, failure) is { } known)
        {
            throw known;
        }
    }

    private static string Filter(string name, string[] values) => Encode(new Dictionary<string, string[]> { [name] = values });

    private static string Encode(Dictionary<string, string[]> filters) =>
        Uri.EscapeDataString(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(filters, DockerJson.Default.DictionaryStringStringArray)));
}
