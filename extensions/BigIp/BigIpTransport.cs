using System.Net;
using System.Net.Http.Headers;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.BigIp;

/// <summary>Sends one request and waits for the whole answer. Safe for concurrent use.</summary>
internal sealed class BigIpTransport : IDisposable
{
    private const int MostConnections = 8; // the appliance's REST service has few workers

    private readonly BigIpOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    /// <param name="options">Where the appliance is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isReadOnly">True refuses whatever would change its configuration.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal BigIpTransport(BigIpOptions options, TimeProvider time, bool isReadOnly)
    {
        this.options = options;
        this.time = time;
        http = new(ReadsOnly.Around(Handler(options), isReadOnly, Reads)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>For messages.</summary>
    internal string Called => options.Called;

    /// <param name="operation">What to send.</param>
    /// <param name="token">Who we are; null for the login itself.</param>
    /// <param name="transaction">The transaction it is queued in; null for none.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <exception cref="ExtensionException">There was no whole answer.</exception>
    internal Task<BigIpAnswer> SendAsync(Operation operation, string? token, string? transaction, CancellationToken stopping) => ServerCall.AskAsync(
        $"{Called}: {operation.Attempt} failed",
        BigIpFault.Advice,
        options.AnswerTimeout,
        time,
        async limit =>
        {
            using var request = Request(operation, token, transaction);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit);
            return new BigIpAnswer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(limit));
        },
        stopping);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request(Operation operation, string? token, string? transaction)
    {
        var request = new HttpRequestMessage(operation.Method, $"{options.Endpoint!.AbsoluteUri.TrimEnd('/')}/mgmt{operation.Path}");
        if (operation.Body is { } body)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("X-F5-Auth-Token", token);
        if (transaction is not null)
            request.Headers.TryAddWithoutValidation("X-F5-REST-Coordination-Id", transaction);
        return request;
    }

    private static SocketsHttpHandler Handler(BigIpOptions options)
    {
        var handler = ServerHandler.For(options.Tls, options.Called);
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.MaxConnectionsPerServer = MostConnections;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        handler.UseProxy = options.Proxy is not null;
        handler.Proxy = options.Proxy is { } proxy ? new WebProxy(proxy) : null;
        return handler;
    }

    // A token is taken and given back to look, too.
    private static bool Reads(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.RequestUri!.AbsolutePath.Contains("/mgmt/shared/auth", StringComparison.Ordinal);
}
