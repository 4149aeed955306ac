using System.Net;
using System.Text.Json;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Consul;

/// <summary>Turns what Consul answers, or does not, into the one exception of extensions.</summary>
internal static class ConsulFault
{
    /// <summary>
    /// Consul gives refusals of a request's content the status 500 and says so in its text only (seen with 1.8.7), so here the text has
    /// to decide. All else with 500 passes by itself: no leader, no path to the datacenter, a time-out between servers.
    /// </summary>
    private static readonly string[] RefusalTexts =
    [
        "Must provide", "Invalid ", "Bad node ID", "Missing node registration", "Missing service registration", "Missing check registration",
        "Unknown service", "Unknown node", "is reserved by node",
    ];

    /// <summary>Makes the exception for an answer that is no success.</summary>
    internal static ExtensionException Of(HttpResponseMessage answer, string text, string attempt, string rights, TimeProvider time)
    {
        var said = $"{(int)answer.StatusCode} {HttpFailure.Shorten(text)}".TrimEnd();
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                Reason.Unauthorized, $"{attempt}: {said}; give `token` {rights}"),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new(
                Reason.Unavailable, $"{attempt}: {said}; it may pass by itself", HttpFailure.RetryAfter(answer, time)),
            HttpStatusCode.NotFound => new(Reason.Refused, $"{attempt}: {said}; is `url` the address of a Consul agent?"),
            HttpStatusCode.InternalServerError when RefusalTexts.Any(refusal => text.Contains(refusal, StringComparison.OrdinalIgnoreCase)) =>
                new(Reason.Refused, $"{attempt}: {said}; correct the service's names or address"),
            >= HttpStatusCode.InternalServerError => new(Reason.Unavailable, $"{attempt}: {said}; it may pass by itself"),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new(
                Reason.Refused, $"{attempt}: {said}; redirects are not followed: write the final `url`"),
            _ => new(Reason.Refused, $"{attempt}: {said}; Consul's log says more"),
        };
    }

    /// <summary>What to do when Consul does not answer.</summary>
    internal static ServerAdvice Advice { get; } = new(
        "is `url` the address of a Consul agent?",
        "check that Consul runs and that `url` is right",
        "look at Consul's load and log",
        "look at Consul, and at what stands between");

    /// <summary>Makes the exception for an answer that is not Consul's.</summary>
    internal static ExtensionException Malformed(JsonException failure, string attempt)
    {
        var place = failure is { LineNumber: { } line, BytePositionInLine: { } at } ? $", from line {line + 1}, byte {at + 1} on" : "";
        return new(Reason.Malformed, $"{attempt}: the answer is not what Consul answers{place}; {Advice.Address}", innerException: failure);
    }
}
