using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Interlook.Extensions.Connections;
using Interlook.Extensions.GestioIP.Wire;

namespace Interlook.Extensions.GestioIP;

/// <summary>Sends requests to GestioIP's script and reads what comes back. Safe for concurrent use.</summary>
internal sealed class GestioIPTransport : IDisposable
{
    /// <summary>The longest wait for one answer. Each request starts a Perl program anew, and may wait for the lock of a table.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly GestioIPOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    /// <param name="options">Where GestioIP is and who we are.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal GestioIPTransport(GestioIPOptions options, TimeProvider time, bool isReadOnly)
    {
        this.options = options;
        this.time = time;
        var handler = ServerHandler.For(options.Tls, options.Called);
        // Reads are queries and writes are forms, each in its one method below.
        http = new HttpClient(ReadsOnly.Around(handler, isReadOnly, request => request.Method == HttpMethod.Get)) { Timeout = Timeout.InfiniteTimeSpan };
        var credentials = $"{options.Username}:{options.Password?.Reveal()}";
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    /// <summary>Reads. May be sent twice by the HTTP client when a kept connection turns out to have ended.</summary>
    /// <param name="type">The request type.</param>
    /// <param name="attempt">What for, for messages: <c>reading host 192.168.99.7</c>.</param>
    /// <param name="parameters">Its own parameters.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<GestioIPReply> ReadAsync(
        string type, string attempt, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken stopping)
    {
        var query = string.Join('&', Whole(type, parameters).Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{options.Url}?{query}"));
        return await SendAsync(request, type, Describe(attempt), stopping);
    }

    /// <summary>Writes, as a form: a request with a body is never sent again by the HTTP client, so a lost answer is not a second reservation.</summary>
    internal async Task<GestioIPReply> WriteAsync(
        string type, string attempt, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url);
        request.Content = new FormUrlEncodedContent(Whole(type, parameters));
        return await SendAsync(request, type, Describe(attempt), stopping);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>The beginning of every message about a call.</summary>
    internal string Describe(string attempt) => $"{options.Called}: {attempt} failed";

    private IEnumerable<KeyValuePair<string, string>> Whole(string type, IEnumerable<KeyValuePair<string, string>> parameters) =>
        parameters.Prepend(new("client_name", options.Client)).Prepend(new("request_type", type));

    private Task<GestioIPReply> SendAsync(HttpRequestMessage request, string type, string attempt, CancellationToken stopping) => ServerCall.AskAsync(
        attempt,
        GestioIPFault.Advice,
        AnswerTimeout,
        time,
        async token =>
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            return Judge(answer, await answer.Content.ReadAsByteArrayAsync(token), type, attempt);
        },
        stopping);

    /// <summary>A reply counts whatever its status: the version that was read answers failures with 200, and another may not.</summary>
    private GestioIPReply Judge(HttpResponseMessage answer, byte[] body, string type, string attempt)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            // The prolog names the encoding; the header names another, and is wrong.
            var reply = GestioIPReply.Read(XDocument.Load(reader), type);
            if (reply is not null && (answer.IsSuccessStatusCode || reply.Error != ""))
                return reply;
            throw answer.IsSuccessStatusCode
                ? GestioIPFault.Malformed(attempt, "the answer is not what GestioIP answers; is `endpoint` the address of its licensed interface?")
                : GestioIPFault.Of(answer, attempt, time);
        }
        catch (XmlException failure)
        {
            throw answer.IsSuccessStatusCode
                ? GestioIPFault.Malformed(
                    attempt,
                    $"the answer is no XML from line {failure.LineNumber}, character {failure.LinePosition} on; GestioIP does not escape its texts: look there for "
                    + "a '<' or '&' in a comment or a name, and whether `endpoint` is its address",
                    failure)
                : GestioIPFault.Of(answer, attempt, time);
        }
    }
}
