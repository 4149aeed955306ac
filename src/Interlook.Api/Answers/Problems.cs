using System.Globalization;
using System.Net;
using Interlook.Extensions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Interlook.Api.Answers;

/// <summary>Every way the API says no: problem details (RFC 9457), with <c>reason</c> where one of the closed set applies.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(int status, string detail) => Of(status, detail, Reason.Invalid);

    public static ProblemHttpResult NoService(string text, string? suggestion) => Of(
        StatusCodes.Status404NotFound,
        suggestion is null ? $"there is no service '{text}'; GET /services lists all" : $"there is no service '{text}'; is it '{suggestion}'?",
        null,
        suggestion is null ? null : ("suggestion", suggestion));

    public static ProblemHttpResult Ambiguous(string text, string[] candidates) => Of(
        StatusCodes.Status409Conflict,
        $"'{text}' is a service of {candidates.Length} workflows; name one of them: {string.Join(", ", candidates)}",
        Reason.Conflict,
        ("candidates", candidates));

    public static ProblemHttpResult NoCommand() => Of(
        StatusCodes.Status404NotFound, "there is no such command; there are /services/NAME/refresh and /services/NAME/retry");

    public static ProblemHttpResult NoPath(string path, IEnumerable<string> known) => Of(
        StatusCodes.Status404NotFound, $"there is nothing at '{path}'; there is: {string.Join(", ", known)}");

    public static ProblemHttpResult NoMethod(string method, string path, string allowed) => Of(
        StatusCodes.Status405MethodNotAllowed, $"'{path}' does not take {method}; send {allowed}");

    /// <summary>A refusal of the web server that has no words of its own.</summary>
    public static ProblemHttpResult Refused(int status) => Of(
        status, "the request was refused before it was read; GET /openapi.json describes what is understood");

    public static ProblemHttpResult NoProvider(string name, IEnumerable<string> known) => Of(
        StatusCodes.Status404NotFound, $"there is no provider '{name}'; there is: {string.Join(", ", known)}");

    public static ProblemHttpResult TooManyStreams(int most) => Of(
        StatusCodes.Status503ServiceUnavailable, $"{most} event streams are open, and no more are served: close one, or read GET /services", Reason.Exhausted);

    public static ProblemHttpResult Unauthorized(string detail) => Of(StatusCodes.Status401Unauthorized, detail, Reason.Unauthorized);

    public static ProblemHttpResult Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, detail, Reason.Unauthorized);

    public static ProblemHttpResult TokenNotSet(IPAddress address) => Forbidden(
        $"the API listens on {address}, where others can reach it, and has no token: changing calls need core.apiToken (or core.listenAddress: 127.0.0.1)");

    /// <summary>The platform could not be read: 503 where waiting helps, 502 where it does not, with what the platform asked us to wait.</summary>
    public static ProblemHttpResult NotRead(HttpContext context, ExtensionException failure)
    {
        if (failure.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return NotRead(failure.Reason, failure.Message);
    }

    public static ProblemHttpResult NotRead(Reason reason, string detail)
    {
        var status = reason switch
        {
            Reason.Unreachable or Reason.Unavailable or Reason.Timeout or Reason.Exhausted => StatusCodes.Status503ServiceUnavailable,
            Reason.Internal => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status502BadGateway,
        };
        return Of(status, detail, reason);
    }

    public static ProblemHttpResult Fault() => Of(
        StatusCodes.Status500InternalServerError, "a fault of Interlook's own; the log has the details", Reason.Internal);

    private static ProblemHttpResult Of(int status, string detail, Reason? reason = null, (string Key, object Value)? more = null)
    {
        var extensions = new Dictionary<string, object?>();
        if (reason is { } known)
            extensions["reason"] = known.ToString();
        if (more is { } extra)
            extensions[extra.Key] = extra.Value;
        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }
}
