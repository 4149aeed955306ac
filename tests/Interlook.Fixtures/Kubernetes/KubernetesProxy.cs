using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>
/// Stands before a <see cref="KubernetesServer"/>, with its certificate, and speaks HTTP/1.1 and HTTP/2 as it does. Counts what is asked,
/// passes it on, and lets go wrong what a test plans. Events of a watch are passed on as they come. Users come by token: a client's
/// certificate ends here.
/// </summary>
public sealed class KubernetesProxy : IAsyncDisposable
{
    private static readonly string[] Asked = ["Authorization", "Accept", "Accept-Encoding", "User-Agent"];
    private static readonly string[] Answered = ["Content-Type", "Content-Encoding", "Retry-After", "Warning", "Location"];

    private readonly KubernetesServer upstream;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly ConcurrentQueue<ApiCall> calls = new();
    private readonly ConcurrentDictionary<ProxiedWatch, bool> watches = new();
    private readonly ConcurrentDictionary<string, bool> revoked = new(StringComparer.Ordinal);
    private WebApplication? server;
    private int port;
    private int held;
    private int keptBack;

    private KubernetesProxy(KubernetesServer upstream, TimeProvider time)
    {
        this.upstream = upstream;
        this.time = time;
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(upstream.AuthorityFile) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust }, AllowAutoRedirect = false })
        {
            BaseAddress = upstream.Endpoint,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Where it answers; the same after <see cref="ResumeAsync"/>. The authority is the server's.</summary>
    public Uri Endpoint => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));

    /// <summary>What goes wrong next.</summary>
    public ApiFaultPlan Faults { get; } = new();

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyCollection<ApiCall> Calls => calls;

    /// <summary>Whether watches get any event. While it is false they stay open, and what happens meanwhile is lost to them. Default: true.</summary>
    public bool PassesEvents { get; set; } = true;

    /// <summary>The watches that are open now, by what they asked.</summary>
    public IReadOnlyList<ApiCall> Watches => [.. watches.Keys.Select(watch => watch.Call)];

    /// <summary>How many events came that were not passed on.</summary>
    public int KeptBack => Volatile.Read(ref keptBack);

    /// <summary>How many requests hang or are late at this moment.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Starts one before a server.</summary>
    /// <param name="upstream">The server; it may stop and start meanwhile.</param>
    /// <param name="time">Dates the calls and measures delays; null is the machine's clock.</param>
    public static async Task<KubernetesProxy> StartAsync(KubernetesServer upstream, TimeProvider? time = null)
    {
        var proxy = new KubernetesProxy(upstream, time ?? TimeProvider.System);
        await proxy.ResumeAsync();
        return proxy;
    }

    /// <summary>Forgets the calls so far.</summary>
    public void ForgetCalls() => calls.Clear();

    /// <summary>From now on a token is unknown (401), until <see cref="AcceptToken"/>.</summary>
    public void RevokeToken(string token) => revoked[token] = true;

    /// <summary>Takes back <see cref="RevokeToken"/>.</summary>
    public void AcceptToken(string token) => revoked.TryRemove(token, out _);

    /// <summary>
    /// Every open watch gets an event that the server did not send. The one way to a bookmark at a moment of choice: this server's own come
    /// after a minute.
    /// </summary>
    public Task SendToWatchesAsync(string type, JsonObject subject)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = subject }.ToJsonString() + "\n";
        return Task.WhenAll(watches.Keys.Select(watch => watch.WriteAsync(line)));
    }

    /// <summary>Every open watch ends in the middle of a line.</summary>
    public Task CutWatchesAsync() => EndWatchesAsync("""{"type":"MODIFIED","object":{"kind":"Serv""");

    /// <summary>Every open watch ends as the server ends it when its time is over.</summary>
    public Task EndWatchesAsync() => EndWatchesAsync("");

    /// <summary>Every open watch is told that it failed, and ends.</summary>
    /// <param name="status">The status in the event, 410.</param>
    /// <param name="reason">The reason, <c>Expired</c>.</param>
    public Task FailWatchesAsync(int status, string reason) => EndWatchesAsync(ApiFault.ErrorLine(status, reason));

    /// <summary>The connection of every open watch breaks.</summary>
    public Task AbortWatchesAsync() => Task.WhenAll(watches.Keys.Select(watch => watch.AbortAsync()));

    /// <summary>It goes away: connections end, the port refuses.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref server, null) is not { } stopped)
            return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // requests in flight are cut off
        await stopped.StopAsync(now.Token);
        await stopped.DisposeAsync();
    }

    /// <summary>It comes back after <see cref="StopAsync"/>, at the same port.</summary>
    public async Task ResumeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(upstream.Certificate);
        }));
        var started = builder.Build();
        started.Run(AnswerAsync);
        await started.StartAsync();
        port = new Uri(started.Urls.First()).Port;
        server = started;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        http.Dispose();
    }

    private Task EndWatchesAsync(string text) => Task.WhenAll(watches.Keys.Select(watch => watch.EndAsync(text)));

    private async Task AnswerAsync(HttpContext exchange)
    {
        var request = exchange.Request;
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, exchange.RequestAborted);
        var body = buffer.ToArray();
        var call = ApiCall.Read(
            time.GetUtcNow(), request.Method, request.Path.ToUriComponent(), request.QueryString.ToUriComponent(), Encoding.UTF8.GetString(body), request.Protocol);
        calls.Enqueue(call);
        if (revoked.ContainsKey(request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal)))
        {
            await SayAsync(exchange, ApiFault.Refusal(401, "Unauthorized"));
            return;
        }
        var fault = Faults.Take(call);
        switch (fault?.Kind)
        {
            case ApiFaultKind.Answer:
                await SayAsync(exchange, fault);
                return;
            case ApiFaultKind.Hang:
                await HoldAsync(exchange, Timeout.InfiniteTimeSpan);
                return;
            case ApiFaultKind.DropBefore:
                exchange.Abort();
                return;
            case ApiFaultKind.Late:
                await HoldAsync(exchange, fault.Delay);
                break;
        }
        try
        {
            await PassAsync(exchange, call, body, fault?.Kind);
        }
        catch (HttpRequestException)
        {
            exchange.Abort(); // the server is away: so is this
        }
    }

    private async Task PassAsync(HttpContext exchange, ApiCall call, byte[] body, ApiFaultKind? kind)
    {
        using var request = Copy(exchange.Request, call.Path, body, readable: kind is ApiFaultKind.Half or ApiFaultKind.Gzip);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, exchange.RequestAborted);
        var response = exchange.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var name in Answered)
        {
            if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values))
                response.Headers[name] = values.ToArray();
        }
        if (call.Verb == "watch" && answer.StatusCode == HttpStatusCode.OK)
        {
            var watch = new ProxiedWatch(exchange, call);
            watches[watch] = true;
            try
            {
                await watch.RunAsync(await answer.Content.ReadAsStreamAsync(exchange.RequestAborted), CountEvent);
            }
            finally
            {
                watches.TryRemove(watch, out _);
            }
            return;
        }
        var content = await answer.Content.ReadAsByteArrayAsync(exchange.RequestAborted);
        if (kind is ApiFaultKind.DropAfter)
        {
            exchange.Abort();
            return;
        }
        if (kind is ApiFaultKind.Half)
            content = content[..(content.Length / 2)];
        if (kind is ApiFaultKind.Gzip)
            (content, response.Headers.ContentEncoding) = (Compress(content), "gzip");
        await response.Body.WriteAsync(content, exchange.RequestAborted);
    }

    private bool CountEvent()
    {
        if (!PassesEvents)
            Interlocked.Increment(ref keptBack);
        return PassesEvents;
    }

    private async Task HoldAsync(HttpContext exchange, TimeSpan delay)
    {
        Interlocked.Increment(ref held);
        try
        {
            await Task.Delay(delay, time, exchange.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref held);
        }
    }

    private static async Task SayAsync(HttpContext exchange, ApiFault fault)
    {
        exchange.Response.StatusCode = fault.Status;
        exchange.Response.ContentType = fault.ContentType;
        if (fault.RetryAfter is { } wait)
            exchange.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        await exchange.Response.WriteAsync(fault.Body, exchange.RequestAborted);
    }

    private static HttpRequestMessage Copy(HttpRequest asked, string path, byte[] body, bool readable)
    {
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), path);
        foreach (var name in Asked.Where(name => asked.Headers.ContainsKey(name) && !(readable && name == "Accept-Encoding")))
            request.Headers.TryAddWithoutValidation(name, asked.Headers[name].ToArray());
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = asked.ContentType is { } type ? MediaTypeHeaderValue.Parse(type) : null;
        }
        return request;
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(content);
        return compressed.ToArray();
    }
}
