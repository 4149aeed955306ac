using System.Net;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Turns what an API server answers, or does not, into the one exception of extensions.</summary>
internal sealed class ApiFault(ClusterAccess access, TimeProvider time)
{
    /// <summary>What to do when it does not answer.</summary>
    internal ServerAdvice Advice { get; } = new(
        $"is that the address of a Kubernetes API server? It comes from {access.Origin}",
        $"check that the API server runs, and the address and proxy that {access.Origin} gives",
        "look at the API server's load and log",
        "look at the API server, and at what stands between",
        $"the authorities, server name and client certificate of {access.Origin}");

    /// <summary>True when a failure may pass by itself: it does not lie in what we ask, or who we are.</summary>
    internal static bool MayPass(ExtensionException failure) => failure.Reason is Reason.Unreachable or Reason.Unavailable or Reason.Timeout;

    /// <summary>The beginning of every message about a request.</summary>
    internal string Describe(ApiRequest request) => $"{access.Server}: {request.Doing} failed";

    /// <summary>Makes the exception for an answer that is no success.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="body">What came with it.</param>
    /// <param name="request">What was asked.</param>
    internal ExtensionException Of(HttpResponseMessage answer, byte[] body, ApiRequest request)
    {
        var status = ApiStatus.Read(body);
        return Of((int)answer.StatusCode, status, HttpFailure.RetryAfter(answer, time), request);
    }

    /// <summary>Makes the exception for a Status, which may have come within a watch.</summary>
    /// <param name="code">The HTTP status.</param>
    /// <param name="status">What the server says; null when it says nothing.</param>
    /// <param name="after">When it wants to be asked again by its header; null leaves it to the Status.</param>
    /// <param name="request">What was asked.</param>
    internal ExtensionException Of(int code, ApiStatus? status, TimeSpan? after, ApiRequest request)
    {
        var wait = after ?? (status?.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null);
        var attempt = Describe(request);
        var said = status switch
        {
            { Message.Length: > 0, Reason.Length: > 0 } => $"{code} {status.Reason}: {HttpFailure.Shorten(status.Message)}",
            { Message.Length: > 0 } => $"{code} {HttpFailure.Shorten(status.Message)}",
            { Reason: { } word } => $"{code} {word}",
            _ => $"{code} {(HttpStatusCode)code}",
        };
        return code switch
        {
            401 => new(Reason.Unauthorized, $"{attempt}: {said}; renew the credentials of {access.Origin}"),
            403 => new(Reason.Unauthorized, $"{attempt}: {said}; allow its user the verb {request.Verb} on {request.Resource}"),
            404 => new(
                Reason.Refused, $"{attempt}: {said}; does this cluster have {request.Resource}, and is there no path too much in the address?"),
            409 => new(Reason.Conflict, $"{attempt}: {said}; somebody else changed or made it: look who"),
            ApiStatus.Gone => new(Reason.Unavailable, $"{attempt}: {said}; it is read anew"),
            429 or >= 500 => new(Reason.Unavailable, $"{attempt}: {said}; it may pass by itself", wait),
            >= 300 and < 400 => new(Reason.Refused, $"{attempt}: {said}; redirects are not followed: use the final address"),
            _ => new(Reason.Refused, $"{attempt}: {said}; the API server's log says more"),
        };
    }

    /// <summary>Makes the exception for an answer that is not an API server's.</summary>
    internal ExtensionException Malformed(ApiRequest request, string problem, Exception? cause = null) =>
        new(Reason.Malformed, $"{Describe(request)}: {problem}; {Advice.Address}", innerException: cause);
}
