using System.Net;
using System.Net.Http.Headers;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// Sends requests to one API server as whoever we are at that moment; asks once more with renewed credentials after 401, and waits when the
/// server is told to be busy (429). Safe for concurrent use.
/// </summary>
internal sealed class ApiTransport(ClusterAccess access, TimeProvider time, bool isReadOnly) : IDisposable
{
    /// <summary>The longest wait for the whole answer to a call.</summary>
    internal static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait for a whole list, or for a page of one.</summary>
    internal static readonly TimeSpan ListPatience = TimeSpan.FromSeconds(60);

    /// <summary>Repetitions of one call that the server puts off.</summary>
    private const int MostWaits = 4;

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);
    private static readonly string Agent = $"interlook/{typeof(ApiTransport).Assembly.GetName().Version?.ToString(3)}";

    private readonly string root = access.Endpoint.AbsoluteUri.TrimEnd('/');
    private readonly ApiConnections connections = new(access, time, isReadOnly);

    /// <summary>Makes failures.</summary>
    internal ApiFault Fault { get; } = new(access, time);

    /// <summary>
    /// How long a request may wait on a connection that answers nothing at all before those that follow go over a new one. Without it a
    /// connection that hangs is used until its pings are given up. To be set before the first request; null for never.
    /// </summary>
    internal TimeSpan? StallPatience
    {
        get => connections.StallPatience;
        set => connections.StallPatience = value;
    }

    /// <summary>Asks, and reads the whole answer.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="patience">The longest wait, with all repetitions.</param>
    /// <param name="readAsync">Reads an answer that is a success.</param>
    /// <param name="missing">An answer with this status is no failure, but <c>default</c>; null for none.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <exception cref="ExtensionException">It failed.</exception>
    internal Task<T?> AskAsync<T>(
        ApiRequest request, TimeSpan patience, Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync, HttpStatusCode? missing,
        CancellationToken stopping)
    {
        var begin = time.GetTimestamp();
        return ServerCall.AskAsync<T?>(
            Fault.Describe(request), Fault.Advice, patience, time,
            async token =>
            {
                for (var waits = 0; ; waits++)
                {
                    using var answer = await SendAsync(request, token);
                    if (answer.IsSuccessStatusCode)
                        return await readAsync(answer, token);
                    if (answer.StatusCode == missing)
                        return default;
                    var failure = Fault.Of(answer, await answer.Content.ReadAsByteArrayAsync(token), request);
                    var wait = failure.RetryAfter ?? UsualWait;
                    if (answer.StatusCode != HttpStatusCode.TooManyRequests || waits == MostWaits || time.GetElapsedTime(begin) + wait >= patience)
                        throw failure;
                    await Task.Delay(wait, time, token); // nothing was done: that is what 429 says
                }
            },
            stopping);
    }

    /// <summary>Asks for an answer that goes on, and waits for its beginning.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="missing">An answer with this status is no failure, but null.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The answer, a success; the caller disposes it.</returns>
    /// <exception cref="ExtensionException">It failed.</exception>
    internal Task<HttpResponseMessage?> OpenAsync(
        ApiRequest request, HttpStatusCode missing, CancellationToken stopping) => ServerCall.AskAsync<HttpResponseMessage?>(
        Fault.Describe(request), Fault.Advice, CallPatience, time,
        async token =>
        {
            var answer = await SendAsync(request, token);
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
            {
                return answer.StatusCode == missing
                    ? null
                    : throw Fault.Of(answer, await answer.Content.ReadAsByteArrayAsync(token), request);
            }
        },
        stopping);

    /// <inheritdoc/>
    public void Dispose() => connections.Dispose();

    private async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken stopping)
    {
        for (var refusals = 0; ; refusals++)
        {
            var identity = await access.Credential.ReadAsync(stopping);
            using var message = Make(request, identity);
            var answer = await connections.SendAsync(message, identity, stopping);
            if (answer.StatusCode != HttpStatusCode.Unauthorized || !access.Credential.Refuse(identity) || refusals > 0)
                return answer;
            answer.Dispose();
        }
    }

    private HttpRequestMessage Make(ApiRequest request, Identity identity)
    {
        var message = new HttpRequestMessage(request.Method, root + request.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        var headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", Agent);
        headers.TryAddWithoutValidation("Accept", "application/json");
        if (request.TakesGzip)
            headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        if (identity.Authorization is { } authorization)
            headers.TryAddWithoutValidation("Authorization", authorization);
        if (access.ServerName is { } name)
            headers.Host = name; // the only place where the client takes the name for TLS from
        foreach (var (header, value) in access.Impersonation)
            headers.TryAddWithoutValidation(header, value);
        if (request.Body is { } body)
            message.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(request.ContentType) } };
        return message;
    }
}
