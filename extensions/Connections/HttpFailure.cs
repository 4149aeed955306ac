using System.Net.Sockets;

namespace Interlook.Extensions.Connections;

/// <summary>Reads what an HTTP client says of a request that failed, in the same way for every outside system.</summary>
internal static class HttpFailure
{
    private const int LongestText = 300;

    /// <summary>True when the other side ended the connection before its answer was whole. Whether the end or a reset is met first is chance.</summary>
    internal static bool IsBrokenOff(Exception? failure) => failure switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => true,
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => true,
        _ => IsBrokenOff(failure.InnerException),
    };

    /// <summary>When the other side wants to be asked again (RFC 9110 section 10.2.3).</summary>
    /// <returns>Null when it did not say, or a time that has passed.</returns>
    internal static TimeSpan? RetryAfter(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>The cause beneath what the client throws, as part of a sentence.</summary>
    internal static string Cause(Exception failure) => Shorten((failure.InnerException ?? failure).Message);

    /// <summary>A text of the other side as part of a sentence: one line, not too long.</summary>
    internal static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestText ? line : line[..LongestText] + "…";
    }
}
