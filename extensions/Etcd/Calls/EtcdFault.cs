using System.Net;
using System.Text;
using Interlook.Extensions.Connections;

namespace Interlook.Extensions.Etcd.Calls;

/// <summary>Turns what etcd answers, or does not, into the one exception of extensions.</summary>
internal static class EtcdFault
{
    /// <summary>Makes the exception for an answer that is no success.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="said">etcd's own words in it; null takes the body.</param>
    /// <param name="attempt">What failed, at which system.</param>
    internal static ExtensionException Of(EtcdAnswer answer, string? said, string attempt)
    {
        var text = $"{(int)answer.Status} {HttpFailure.Shorten(said ?? Encoding.UTF8.GetString(answer.Body))}".TrimEnd();
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => new(Reason.Unauthorized, $"{attempt}: {text}; check username and passwordFile"),
            HttpStatusCode.Forbidden => new(
                Reason.Unauthorized, $"{attempt}: {text}; give the user a role that may read and write everything below the prefix"),
            HttpStatusCode.TooManyRequests => new(
                Reason.Unavailable,
                $"{attempt}: {text}; if its space is used up: compact, `etcdctl defrag`, `etcdctl alarm disarm`, or raise --quota-backend-bytes"),
            >= HttpStatusCode.InternalServerError => new(Reason.Unavailable, $"{attempt}: {text}; it may pass by itself"),
            HttpStatusCode.NotFound => new(Reason.Refused, $"{attempt}: {text}; do `endpoints` name etcd, and does it have the interface that `api` names?"),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new(
                Reason.Refused, $"{attempt}: {text}; redirects are not followed: write the final address into `endpoints`"),
            _ => new(Reason.Refused, $"{attempt}: {text}; etcd's log says more"),
        };
    }

    /// <summary>What to do when etcd does not answer.</summary>
    internal static ServerAdvice Advice { get; } = new(
        "do `endpoints` name etcd's client port?",
        "check that etcd runs and that `endpoints` are right",
        "look at etcd's load and log",
        "look at etcd, and at what stands between");

    /// <summary>Makes the exception for an answer that is not etcd's.</summary>
    internal static ExtensionException Malformed(Exception failure, string attempt) =>
        new(Reason.Malformed, $"{attempt}: the answer is not what etcd answers; do `endpoints` name etcd?", innerException: failure);
}
