using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Consul;

/// <summary>
/// Sends requests to one Consul and judges its answers: refused, cut short, filtered, without a leader, late. Safe for concurrent use.
/// </summary>
internal sealed class ConsulTransport : IDisposable
{
    /// <summary>The longest wait for one answer. Consul itself waits up to seven seconds for a leader.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly string root;
    private readonly string rights;

    /// <param name="options">Where Consul is and who we are.</param>
    /// <param name="mostConnections">Requests above this bound wait for a connection.</param>
    /// <param name="rights">What the token must allow, for messages: "node:read and service:read for all".</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal ConsulTransport(ConsulConnectionOptions options, int mostConnections, string rights, TimeProvider time, bool isReadOnly = false)
    {
        this.time = time;
        this.rights = rights;
        root = options.Url.AbsoluteUri.TrimEnd('/');
        http = ConsulConnection.Open(options, mostConnections, isReadOnly);
    }

    /// <summary>Reads.</summary>
    /// <param name="path">From the first slash, with its query.</param>
    /// <param name="attempt">What for.</param>
    /// <param name="type">What the answer holds.</param>
    /// <param name="wait">How long Consul may hold the answer back; zero for a query that does not block.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<ConsulAnswer<T>> GetAsync<T>(
        string path, ConsulAttempt attempt, JsonTypeInfo<T> type, TimeSpan wait, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, root + path);
        return await SendAsync(request, attempt, type, wait, stopping);
    }

    /// <summary>Writes; an answer <c>false</c> is a refusal.</summary>
    /// <param name="path">From the first slash.</param>
    /// <param name="content">The body; disposed with the request.</param>
    /// <param name="attempt">What for.</param>
    /// <param name="type">The JSON type of the answer.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task PutAsync(
        string path, HttpContent content, ConsulAttempt attempt, JsonTypeInfo<bool> type, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, root + path);
        request.Content = content;
        if (!(await SendAsync(request, attempt, type, TimeSpan.Zero, stopping)).Value)
            throw new ExtensionException(Reason.Refused, $"{Describe(attempt)}: Consul answered false; Consul's log says more");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>The beginning of every message about a call.</summary>
    internal string Describe(ConsulAttempt attempt) => $"Consul at {root}: {attempt.Verb} {attempt.Subject} failed";

    private async Task<ConsulAnswer<T>> SendAsync<T>(
        HttpRequestMessage request, ConsulAttempt attempt, JsonTypeInfo<T> type, TimeSpan wait, CancellationToken stopping)
    {
        var patience = wait + (wait / 16) + AnswerTimeout; // a blocking query may last a sixteenth longer than asked for
        var described = Describe(attempt);
        return await ServerCall.AskAsync(
            described, ConsulFault.Advice, patience, time, async token => await AnswerAsync(request, attempt, described, type, token), stopping);
    }

    private async Task<ConsulAnswer<T>> AnswerAsync<T>(
        HttpRequestMessage request, ConsulAttempt attempt, string described, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopping);
        if (!answer.IsSuccessStatusCode)
            throw ConsulFault.Of(answer, await answer.Content.ReadAsStringAsync(stopping), described, rights, time);
        RequireWhole(answer, attempt);
        try
        {
            return new(await JsonBody.ReadAsync(answer, type, stopping), IndexOf(answer));
        }
        catch (JsonException failure)
        {
            throw ConsulFault.Malformed(failure, described);
        }
    }

    /// <summary>
    /// An answer from which Consul left out what our token may not see is unknown, not empty; and so is one of a server that knows no leader
    /// and may be far behind.
    /// </summary>
    private void RequireWhole(HttpResponseMessage answer, ConsulAttempt attempt)
    {
        if (Says(answer, "X-Consul-Results-Filtered-By-ACLs", "true"))
        {
            throw new ExtensionException(
                Reason.Unauthorized,
                $"{Describe(attempt)}: Consul left out what our token may not see; give `token` node:read and service:read for all");
        }
        if (Says(answer, "X-Consul-KnownLeader", "false"))
        {
            throw new ExtensionException(
                Reason.Unavailable, $"{Describe(attempt)}: the server that answered knows no leader; it may pass by itself");
        }
    }

    private static bool Says(HttpResponseMessage answer, string header, string value) =>
        answer.Headers.TryGetValues(header, out var values) && values.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static ulong IndexOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-Consul-Index", out var values)
        && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : 0;
}
