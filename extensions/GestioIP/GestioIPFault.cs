using System.Net;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.GestioIP;

/// <summary>Turns what GestioIP answers, or does not, into the one exception of extensions.</summary>
internal static class GestioIPFault
{
    /// <summary>What it says of a network whose addresses are all taken.</summary>
    internal const string Full = "NO FREE ADDRESSES";

    /// <summary>GestioIP says what is wrong in words only, never by a status or a code: so here the words have to decide.</summary>
    private static readonly (string Words, Reason Reason, string Advice)[] Known =
    [
        ("CLIENT NOT FOUND", Reason.Invalid, "set `client` to one that exists"),
        ("NETWORK NOT FOUND", Reason.Invalid, "create that network in GestioIP, or correct `network`"),
        ("NO NETWORK FOR IP", Reason.Invalid, "create that network in GestioIP, or correct `network`"),
        ("PERMISSION", Reason.Unauthorized, "let the user read and write the hosts of that network"),
        ("LOCK TABLE", Reason.Unavailable, "it may pass by itself; look at GestioIP's database"),
        ("SQL STATEMENT", Reason.Unavailable, "it may pass by itself; look at GestioIP's database"),
    ];

    /// <summary>Makes the exception for an error that GestioIP names.</summary>
    internal static ExtensionException Of(string error, string attempt)
    {
        var (_, reason, advice) = Array.Find(Known, each => error.Contains(each.Words, StringComparison.OrdinalIgnoreCase));
        return advice is null
            ? new(Reason.Refused, $"{attempt}: {HttpFailure.Shorten(error)}; correct the setting or the object that it names")
            : new(reason, $"{attempt}: {HttpFailure.Shorten(error)}; {advice}");
    }

    /// <summary>Makes the exception for a status that is no success, and no reply of GestioIP's either.</summary>
    internal static ExtensionException Of(HttpResponseMessage answer, string attempt, TimeProvider time)
    {
        var said = $"{attempt}: {(int)answer.StatusCode}";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(Reason.Unauthorized, $"{said}; check username and passwordFile"),
            HttpStatusCode.Forbidden => new(Reason.Unauthorized, $"{said}; let the user use GestioIP's interface"),
            HttpStatusCode.NotFound => new(
                Reason.Refused, $"{said}; is `endpoint` the address of GestioIP, up to and including /gestioip, and is its licensed interface installed?"),
            HttpStatusCode.TooManyRequests => new(Reason.Unavailable, $"{said}; it may pass by itself", HttpFailure.RetryAfter(answer, time)),
            >= HttpStatusCode.InternalServerError => new(
                Reason.Unavailable, $"{said}; it may pass by itself; the web server's error log says more", HttpFailure.RetryAfter(answer, time)),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new(
                Reason.Refused, $"{said}; redirects are not followed: write the final `endpoint`"),
            _ => new(Reason.Refused, $"{said}; the web server's error log says more"),
        };
    }

    /// <summary>What to do when GestioIP does not answer.</summary>
    internal static ServerAdvice Advice { get; } = new(
        "is `endpoint` the address of GestioIP?",
        "check that GestioIP runs and that `endpoint` is right",
        "look at GestioIP's load and database",
        "look at GestioIP, and at what stands between");

    /// <summary>Makes the exception for an answer that is no reply of GestioIP's.</summary>
    internal static ExtensionException Malformed(string attempt, string why, Exception? failure = null) =>
        new(Reason.Malformed, $"{attempt}: {why}", innerException: failure);
}
