using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd.Calls;

/// <summary>
/// Speaks etcd v3 through its JSON gateway: one method a call, no decisions but which of the gateway's prefixes the server has and when to
/// log in again. Safe for concurrent use.
/// </summary>
internal sealed class EtcdClient(EtcdTransport transport, EtcdConnectionOptions options) : IDisposable
{
    /// <summary>Servers from 3.4 on have the first, 3.3 the second, 3.2 the third.</summary>
    private static readonly string[] Prefixes = ["v3", "v3beta", "v3alpha"];

    /// <summary>
    /// Refusals with the status 400 that a new token mends (seen with 3.4.23): etcd gives them the code of an invalid argument, so here the
    /// text has to decide.
    /// </summary>
    private static readonly string[] StaleTokenTexts = ["user name is empty", "revision of auth store is old", "invalid auth token"];

    private readonly SemaphoreSlim login = new(1);
    private volatile string? token;
    private volatile int prefix;

    /// <summary>Reads keys.</summary>
    internal Task<WireRangeAnswer> RangeAsync(WireRange range, string attempt, CancellationToken stopping) =>
        CallAsync("kv/range", range, EtcdJson.Default.WireRange, EtcdJson.Default.WireRangeAnswer, attempt, stopping);

    /// <summary>Compares, and writes or reads.</summary>
    /// <exception cref="EtcdRefusal">The lease is gone, or the space used up.</exception>
    internal Task<WireTxnAnswer> TxnAsync(WireTxn txn, string attempt, CancellationToken stopping) =>
        CallAsync("kv/txn", txn, EtcdJson.Default.WireTxn, EtcdJson.Default.WireTxnAnswer, attempt, stopping);

    /// <summary>Takes a lease; etcd may make it longer than asked.</summary>
    internal async Task<WireLease> GrantAsync(TimeSpan ttl, CancellationToken stopping)
    {
        try
        {
            return await CallAsync(
                "lease/grant", new() { Ttl = (long)ttl.TotalSeconds }, EtcdJson.Default.WireLease, EtcdJson.Default.WireLease,
                "taking a lease", stopping);
        }
        catch (EtcdRefusal refusal)
        {
            throw refusal.Fault;
        }
    }

    /// <summary>Keeps a lease alive: one request a ping, for the gateway buffers streams.</summary>
    /// <returns>A time of 0 when there is no such lease.</returns>
    internal async Task<WireLease> KeepAliveAsync(long lease, CancellationToken stopping)
    {
        try
        {
            var answer = await CallAsync(
                "lease/keepalive", new() { Id = lease }, EtcdJson.Default.WireLease, EtcdJson.Default.WireKeepAliveAnswer,
                "keeping the lease alive", stopping);
            return answer.Result ?? new();
        }
        catch (EtcdRefusal refusal)
        {
            return refusal.Cause == EtcdRefusal.Kind.LeaseGone ? new() : throw refusal.Fault;
        }
    }

    /// <summary>Follows keys. The member is asked to end the stream when it loses its leader.</summary>
    internal async Task<EtcdStream> WatchAsync(WireWatchCreate create, string attempt, CancellationToken stopping)
    {
        try
        {
            var content = JsonSerializer.SerializeToUtf8Bytes(new() { CreateRequest = create }, EtcdJson.Default.WireWatch);
            var answer = await AskAsync("watch", content, attempt, isStream: true, stopping);
            return new(answer.Open!, $"{transport.Called}: {attempt} failed");
        }
        catch (EtcdRefusal refusal)
        {
            throw refusal.Fault;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => login.Dispose();

    private async Task<TAnswer> CallAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, string attempt, CancellationToken stopping) =>
        Read(await AskAsync(path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), attempt, isStream: false, stopping), answerType, attempt);

    private async Task<EtcdAnswer> AskAsync(string path, byte[] content, string attempt, bool isStream, CancellationToken stopping)
    {
        for (var again = false; ; again = true)
        {
            var with = options.Username is null ? null : token ?? await LogInAsync(null, stopping);
            var answer = await PostAsync(path, content, with, attempt, isStream, stopping);
            if (answer.IsSuccess)
                return answer;
            var problem = ReadProblem(answer);
            if (!again && options.Username is not null && IsStaleToken(answer, problem))
            {
                await LogInAsync(with, stopping);
                continue;
            }
            throw Refuse(answer, problem, attempt);
        }
    }

    private async Task<EtcdAnswer> PostAsync(string path, byte[] content, string? with, string attempt, bool isStream, CancellationToken stopping)
    {
        for (var tried = 0; ; tried++)
        {
            var index = prefix;
            var answer = await transport.SendAsync(root => Request($"{root}/{Prefixes[index]}/{path}", content, with), attempt, isStream, stopping);
            // A path that the server does not have is answered in plain text; a lease that it does not have in JSON.
            if (answer.Status != HttpStatusCode.NotFound || ReadProblem(answer) is not null || tried == Prefixes.Length - 1)
                return answer;
            prefix = (index + 1) % Prefixes.Length;
        }
    }

    private static HttpRequestMessage Request(string url, byte[] content, string? with)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        if (!string.IsNullOrEmpty(with))
            request.Headers.TryAddWithoutValidation("Authorization", with); // the bare token, without a scheme
        if (url.EndsWith("/watch", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("Grpc-Metadata-hasleader", "true"); // the gateway hands it on as what gRPC clients call WithRequireLeader
        return request;
    }

    /// <summary>Takes a token, unless another call has just done so.</summary>
    /// <param name="stale">The token that was refused.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The token; empty where etcd asks for none.</returns>
    private async Task<string> LogInAsync(string? stale, CancellationToken stopping)
    {
        const string Attempt = "logging in";
        await login.WaitAsync(stopping);
        try
        {
            if (token is { } fresh && fresh != stale)
                return fresh;
            var content = JsonSerializer.SerializeToUtf8Bytes(
                new(options.Username!, options.Password?.Reveal() ?? ""), EtcdJson.Default.WireCredentials);
            var answer = await PostAsync("auth/authenticate", content, null, Attempt, isStream: false, stopping);
            var problem = answer.IsSuccess ? null : ReadProblem(answer);
            if (problem?.Code == WireProblem.FailedPrecondition) // authentication is not enabled: all may do everything
                return token = "";
            if (answer.IsSuccess)
                return token = Read(answer, EtcdJson.Default.WireToken, Attempt).Token;
            throw answer.Status == HttpStatusCode.BadRequest
                ? new ExtensionException(Reason.Unauthorized, $"{transport.Called}: logging in as {options.Username} failed: {problem?.Message}; check username and passwordFile")
                : Refuse(answer, problem, Attempt);
        }
        finally
        {
            login.Release();
        }
    }

    private static bool IsStaleToken(EtcdAnswer answer, WireProblem? problem) =>
        answer.Status == HttpStatusCode.Unauthorized || (answer.Status == HttpStatusCode.BadRequest && Says(problem));

    private static bool Says(WireProblem? problem) =>
        problem?.Message is { } text && StaleTokenTexts.Any(stale => text.Contains(stale, StringComparison.Ordinal));

    private Exception Refuse(EtcdAnswer answer, WireProblem? problem, string attempt)
    {
        var what = $"{transport.Called}: {attempt} failed";
        var said = problem?.Message ?? problem?.Error;
        if (answer.Status == HttpStatusCode.BadRequest && Says(problem))
            return new ExtensionException(Reason.Unauthorized, $"{what}: 400 {said}; give username and passwordFile");
        var fault = EtcdFault.Of(answer, said, what);
        return problem?.Code switch
        {
            WireProblem.NotFound => new EtcdRefusal(EtcdRefusal.Kind.LeaseGone, fault),
            WireProblem.ResourceExhausted => new EtcdRefusal(EtcdRefusal.Kind.NoSpace, fault),
            _ => fault,
        };
    }

    private TAnswer Read<TAnswer>(EtcdAnswer answer, JsonTypeInfo<TAnswer> type, string attempt)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type) ?? throw new JsonException("null");
        }
        catch (JsonException failure)
        {
            throw EtcdFault.Malformed(failure, $"{transport.Called}: {attempt} failed");
        }
    }

    private static WireProblem? ReadProblem(EtcdAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, EtcdJson.Default.WireProblem);
        }
        catch (JsonException)
        {
            return null; // no refusal of etcd's own
        }
    }
}
