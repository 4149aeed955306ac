using System.Globalization;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd;

/// <summary>
/// Sends requests to one member of a cluster, and to the next when that one fails: no connection, no answer in time, or an answer that it
/// cannot serve now. A request that is sent again may have been carried out: callers make their writes such that this does no harm.
/// Safe for concurrent use.
/// </summary>
internal sealed class EtcdTransport : IDisposable
{
    /// <summary>The longest wait for one member's answer.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly EtcdConnectionOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private int current;

    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal EtcdTransport(EtcdConnectionOptions options, TimeProvider time, bool isReadOnly = false)
    {
        this.options = options;
        this.time = time;
        http = EtcdConnection.Open(options, isReadOnly);
    }

    /// <summary>For messages.</summary>
    internal string Called => options.Called;

    /// <summary>Sends a request to the member that answered last, or to the first of the others that answers.</summary>
    /// <param name="request">Makes the request for a path: called for each member that is tried.</param>
    /// <param name="attempt">What is attempted, for messages: <c>reading /skydns</c>.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The answer; one that says 5xx only when no member gave another.</returns>
    /// <exception cref="ExtensionException">No member answered.</exception>
    internal async Task<EtcdAnswer> SendAsync(Func<string, HttpRequestMessage> request, string attempt, CancellationToken stopping)
    {
        var first = Volatile.Read(ref current);
        EtcdAnswer? unable = null;
        ExtensionException? failure = null;
        for (var i = 0; i < options.Endpoints.Count; i++)
        {
            var index = (first + i) % options.Endpoints.Count;
            var root = options.Endpoints[index].AbsoluteUri.TrimEnd('/');
            try
            {
                var answer = await SendAsync(root, request, attempt, stopping);
                if ((int)answer.Status < 500)
                {
                    Volatile.Write(ref current, index);
                    return answer;
                }
                unable = answer;
            }
            catch (ExtensionException problem)
            {
                failure = problem;
            }
        }
        Volatile.Write(ref current, (first + 1) % options.Endpoints.Count);
        return unable ?? throw failure!;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task<EtcdAnswer> SendAsync(string root, Func<string, HttpRequestMessage> make, string attempt, CancellationToken stopping) => ServerCall.AskAsync(
        $"etcd at {root}: {attempt} failed", EtcdFault.Advice, AnswerTimeout, time, async token => await AnswerAsync(root, make, token), stopping);

    private async Task<EtcdAnswer> AnswerAsync(string root, Func<string, HttpRequestMessage> make, CancellationToken stopping)
    {
        using var request = make(root);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, stopping);
        var body = await answer.Content.ReadAsByteArrayAsync(stopping);
        long? index = answer.Headers.TryGetValues("X-Etcd-Index", out var values)
            && long.TryParse(values.First(), CultureInfo.InvariantCulture, out var number) ? number : null;
        return new(answer.StatusCode, body, index);
    }
}
