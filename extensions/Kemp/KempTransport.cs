using System.Net;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Kemp.Wire;

namespace Interlook.Extensions.Kemp;

/// <summary>Sends commands at the pace that the appliance bears, and judges its answers. Safe for concurrent use.</summary>
internal sealed class KempTransport : IDisposable
{
    private readonly KempOptions options;
    private readonly TimeProvider time;
    private readonly CallPace pace;
    private readonly ICallFormat format;
    private readonly HttpClient http;
    private readonly bool isReadOnly;
    private long lastGood = long.MinValue;

    /// <param name="options">Where the appliance is and who we are.</param>
    /// <param name="pace">Keeps the calls apart.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="isReadOnly">True refuses whatever would write.</param>
    /// <exception cref="ExtensionException">A certificate file cannot be read.</exception>
    internal KempTransport(KempOptions options, CallPace pace, TimeProvider time, bool isReadOnly)
    {
        this.isReadOnly = isReadOnly;
        this.options = options;
        this.time = time;
        this.pace = pace;
        format = options.Api == "v2" ? new JsonFormat(options) : new QueryFormat(options);
        http = KempConnection.Open(options);
    }

    /// <summary>Sends a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="attempt">What for, in messages: <c>listing virtual services</c>.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <param name="sending">Called when its turn has come, right before it is sent.</param>
    /// <exception cref="ExtensionException">It was not carried out, or its answer got lost.</exception>
    internal async Task<KempReply> SendAsync(KempCommand command, string attempt, CancellationToken stopping, Action? sending = null)
    {
        if (isReadOnly && !command.IsRead)
            throw new InvalidOperationException($"{options.Called} would be told {command.Name}, and Interlook only looks");
        using var turn = await pace.TakeAsync(stopping);
        sending?.Invoke();
        try
        {
            var reply = await AnswerAsync(command, $"{options.Called}: {attempt} failed", stopping);
            Volatile.Write(ref lastGood, time.GetTimestamp());
            return reply;
        }
        catch (ExtensionException)
        {
            Volatile.Write(ref lastGood, long.MinValue);
            throw;
        }
    }

    /// <summary>True when the last answer was good, and no older than this.</summary>
    internal bool WasGoodWithin(TimeSpan age) =>
        Volatile.Read(ref lastGood) is var moment and not long.MinValue && time.GetElapsedTime(moment) <= age;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task<KempReply> AnswerAsync(KempCommand command, string attempt, CancellationToken stopping) => ServerCall.AskAsync(
        attempt,
        KempFault.Advice,
        options.AnswerTimeout,
        time,
        async token =>
        {
            using var request = format.Request(command);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, token);
            return Judge(answer, await answer.Content.ReadAsByteArrayAsync(token), attempt);
        },
        stopping);

    /// <summary>
    /// The envelope decides where there is one: a failure may come with HTTP 200. Refused credentials and a switched-off interface are answered
    /// with a page, so the status comes first.
    /// </summary>
    private KempReply Judge(HttpResponseMessage answer, byte[] body, string attempt)
    {
        KempReply? reply = null;
        FormatException? problem = null;
        try
        {
            reply = format.Read(body);
        }
        catch (FormatException found)
        {
            problem = found;
        }
        if (reply is null && answer.StatusCode == HttpStatusCode.OK)
            throw KempFault.Malformed(problem!, attempt);
        if (reply is null || !answer.IsSuccessStatusCode)
            throw KempFault.Of((int)answer.StatusCode, reply?.Error ?? "", attempt, HttpFailure.RetryAfter(answer, time));
        return reply.Status < 400 ? reply : throw KempFault.Of(reply.Status, reply.Error ?? "", attempt);
    }
}
