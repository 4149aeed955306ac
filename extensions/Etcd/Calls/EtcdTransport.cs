using System.Globalization;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd.Calls;

/// <summary>
/// Sends requests to one member of a cluster, and to the next when that one fails: no connection, no answer in time, or an answer that it
/// cannot serve now. A request that is sent again may have been carried out: callers make their writes such that this does no harm.
/// Safe for concurrent use.
/// </summary>
internal sealed class EtcdTransport : IDisposable
{
    /// <summary>The longest wait for one member's answer, where nothing is in a hurry.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly EtcdConnectionOptions options;
    private readonly TimeProvider time;
    private readonly TimeSpan patience;
    private readonly HttpClient http;
    private int current;

    /// <param name="options">Where etcd is and who we are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <param name="patience">The longest wait for one member's answer; null takes <see cref="AnswerTimeout"/>.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal EtcdTransport(EtcdConnectionOptions options, TimeProvider time, bool isReadOnly = false, TimeSpan? patience = null)
    {
        this.options = options;
        this.time = time;
        this.patience = patience ?? AnswerTimeout;
        http = EtcdConnection.Open(options, isReadOnly);
    }

    /// <summary>For messages.</summary>
    internal string Called => options.Called;

    /// <summary>Sends a request to the member that answered last, or to the first of the others that answers.</summary>
    /// <param name="request">Makes the request for a path: called for each member that is tried.</param>
    /// <param name="attempt">What is attempted, for messages: <c>reading /skydns</c>.</param>
    /// <param name="isStream">True leaves the body of a success open, see <see cref="EtcdAnswer.Open"/>.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The answer; one that says 5xx only when no member gave another.</returns>
    /// <exception cref="ExtensionException">No member answered.</exception>
    internal async Task<EtcdAnswer> SendAsync(Func<string, HttpRequestMessage> request, string attempt, bool isStream, CancellationToken stopping)
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
                var answer = await SendAsync(root, request, attempt, isStream, stopping);
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

    private Task<EtcdAnswer> SendAsync(string root, Func<string, HttpRequestMessage> make, string attempt, bool isStream, CancellationToken stopping) =>
        ServerCall.AskAsync(
            $"etcd at {root}: {attempt} failed", EtcdFault.Advice, patience, time, async token => await AnswerAsync(root, make, isStream, token), stopping);

    private async Task<EtcdAnswer> AnswerAsync(string root, Func<string, HttpRequestMessage> make, bool isStream, CancellationToken stopping)
    {
        using var request = make(root);
        var answer = await http.SendAsync(request, isStream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, stopping);
        if (isStream && answer.IsSuccessStatusCode)
            return new(answer.StatusCode, [], null) { Open = answer };
        using (answer)
        {
            var body = await answer.Content.ReadAsByteArrayAsync(stopping);
            long? index = answer.Headers.TryGetValues("X-Etcd-Index", out var values)
                && long.TryParse(values.First(), CultureInfo.InvariantCulture, out var number) ? number : null;
            return new(answer.StatusCode, body, index);
        }
    }
}
