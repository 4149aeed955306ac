using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Kemp;

/// <summary>Turns what the appliance answers, or does not, into the one exception of extensions.</summary>
internal static class KempFault
{
    /// <summary>Makes the exception for an answer that is no success.</summary>
    /// <param name="status">The status of the envelope, or of HTTP where there is none.</param>
    /// <param name="said">The appliance's words; empty for none.</param>
    /// <param name="attempt">What failed, at which system.</param>
    /// <param name="retryAfter">When the appliance wants to be asked again; null when it did not say.</param>
    internal static ExtensionException Of(int status, string said, string attempt, TimeSpan? retryAfter = null)
    {
        var text = $"{attempt}: {status} {HttpFailure.Shorten(said)}".TrimEnd();
        return status switch
        {
            401 => new(Reason.Unauthorized, $"{text}; check username and passwordFile, apiKeyFile, or clientCert and clientKey"),
            403 => new(Reason.Unauthorized, $"{text}; give the user the permissions for virtual services and real servers"),
            404 => new(Reason.Refused, $"{text}; switch the API interface on at the appliance (licensing switches it off), and check `endpoint`"),
            405 => new(Reason.Refused, $"{text}; does the appliance's version have the interface that `api` names?"),
            400 or 422 => new(Reason.Refused, $"{text}; correct the service or the settings of lb.kemplm"),
            429 or >= 500 => new(Reason.Unavailable, $"{text}; it boots, is not licensed or is busy: it may pass by itself", retryAfter),
            >= 300 and < 400 => new(Reason.Refused, $"{text}; redirects are not followed: write the final `endpoint`"),
            _ => new(Reason.Refused, $"{text}; the appliance's log says more"),
        };
    }

    /// <summary>What to do when the appliance does not answer.</summary>
    internal static ServerAdvice Advice { get; } = new(
        "is `endpoint` where the appliance is administered?",
        "check that the appliance runs and that `endpoint` is right",
        "look at the appliance's load",
        "if it happens often, lower maxCallsPerSecond",
        "tlsCa, clientCert and clientKey");

    /// <summary>Makes the exception for an answer that is not the appliance's.</summary>
    internal static ExtensionException Malformed(FormatException problem, string attempt) => new(
        Reason.Malformed, $"{attempt}: the answer is not what a LoadMaster answers: {problem.Message}; check `endpoint` and `api`", innerException: problem);
}
