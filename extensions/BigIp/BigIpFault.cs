using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.BigIp;

/// <summary>Turns what the appliance answers, or does not, into the one exception of extensions.</summary>
internal static partial class BigIpFault
{
    private const string DestinationTaken = "01070333";
    private const string NodeTaken = "0107176c";
    private const string PoolInUse = "01070265";
    private const string PolicyInUse = "01070635";

    /// <summary>Makes the exception for an answer that is no success.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="attempt">What failed, at which system.</param>
    internal static ExtensionException Of(BigIpAnswer answer, string attempt)
    {
        var said = answer.Problem?.Message ?? (answer.Body is [(byte)'<', ..] ? "a page instead of JSON" : Encoding.UTF8.GetString(answer.Body));
        var text = string.Create(CultureInfo.InvariantCulture, $"{attempt}: {(int)answer.Status} {HttpFailure.Shorten(said)}").TrimEnd('.', ' ');
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => new(Reason.Unauthorized, $"{text}; check username, passwordFile and authProvider"),
            HttpStatusCode.Forbidden => new(Reason.Unauthorized, $"{text}; give the user a role that may change the partition"),
            HttpStatusCode.NotFound when !answer.IsAbsence => new(Reason.Unavailable, $"{text}; its REST service is starting, or httpEndpoint is not a BIG-IP"),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new(Reason.Unavailable, $"{text}; it may pass by itself"),
            HttpStatusCode.Conflict => new(Reason.Conflict, $"{text}; rename or remove what is there, or rename the service"),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new(
                Reason.Refused, $"{text}; redirects are not followed: write the final address into httpEndpoint"),
            _ => Refusal(Number().Match(said).Value, text),
        };
    }

    /// <summary>What to do when the appliance does not answer.</summary>
    internal static ServerAdvice Advice { get; } = new(
        "does httpEndpoint name the appliance's management port?",
        "check that it is up and that httpEndpoint is right",
        "look at its load, or raise answerTimeout",
        "look at it, and at what stands between");

    /// <summary>Makes the exception for an answer that is not the appliance's.</summary>
    internal static ExtensionException Malformed(Exception failure, string attempt) =>
        new(Reason.Malformed, $"{attempt}: the answer is not what a BIG-IP answers; does httpEndpoint name one?", innerException: failure);

    // The number is the appliance's own for what is wrong, and the same in every version; the status is 400 for all of them.
    private static ExtensionException Refusal(string number, string text) => number switch
    {
        DestinationTaken => new(Reason.Conflict, $"{text}; remove that virtual server, or give the service another address"),
        NodeTaken => new(Reason.Conflict, $"{text}; it was made in this moment by somebody else, the next attempt uses it"),
        PoolInUse or PolicyInUse => new(Reason.Conflict, $"{text}; take it out of there first"),
        _ => new(Reason.Refused, $"{text}; the appliance's log /var/log/ltm says more"),
    };

    [GeneratedRegex("[0-9a-f]{8}(?=:)")]
    private static partial Regex Number();
}
