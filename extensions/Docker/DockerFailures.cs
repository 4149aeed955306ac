using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Docker.Wire;

namespace Interlook.Extensions.Docker;

/// <summary>Turns what went wrong on the wire into the one exception that extensions fail with.</summary>
internal static class DockerFailures
{
    /// <summary>An answer with another status than success.</summary>
    internal static async Task<ExtensionException> OfStatusAsync(
        string what, DockerEndpoint endpoint, HttpResponseMessage answer, TimeProvider time, CancellationToken stopping)
    {
        var said = await ReadMessageAsync(answer, stopping);
        var status = (int)answer.StatusCode;
        var (reason, advice) = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (Reason.Unauthorized, "check the client certificate and its rights"),
            HttpStatusCode.NotFound => (Reason.Refused, "check that the endpoint is a Docker API"),
            HttpStatusCode.Conflict => (Reason.Conflict, "it may pass by itself"),
            HttpStatusCode.TooManyRequests => (Reason.Unavailable, "it may pass by itself"),
            >= HttpStatusCode.InternalServerError => (Reason.Unavailable, "look at the daemon's log; it may pass by itself"),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => (Reason.Refused, "redirects are not followed: write the final endpoint"),
            _ => (Reason.Refused, "check the version of the Docker Engine (API 1.24 or later)"),
        };
        var text = said == "" ? "" : $" ({said})";
        return new ExtensionException(
            reason,
            string.Create(CultureInfo.InvariantCulture, $"{what} at Docker {endpoint.Text} failed with HTTP {status}{text}: {advice}"),
            HttpFailure.RetryAfter(answer, time));
    }

    /// <summary>An exception of the HTTP client, the socket or the JSON reader; null when it is none of these.</summary>
    internal static ExtensionException? Of(string what, DockerEndpoint endpoint, Exception failure)
    {
        switch (failure)
        {
            case JsonException:
            case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                return new ExtensionException(
                    Reason.Malformed, $"{what} at Docker {endpoint.Text} gave an answer that cannot be read{Place(failure)}; check that it is a Docker API",
                    innerException: failure);
            case HttpRequestException when failure.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied }:
                return new ExtensionException(
                    Reason.Unauthorized,
                    $"{what} at Docker {endpoint.Text} failed: no right to open the socket; run Interlook as a member of the socket's group (usually docker)",
                    innerException: failure);
            case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                return new ExtensionException(
                    Reason.Unreachable,
                    $"{what} at Docker {endpoint.Text} failed in TLS: {Innermost(failure)}; check tlsCa, tlsCert and tlsKey",
                    innerException: failure);
            case HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable } }
                when endpoint.SocketPath is { } path: // what the runtime makes of ENOENT
                return new ExtensionException(
                    Reason.Unreachable,
                    $"{what} at Docker {endpoint.Text} failed: there is no socket {path}: start the daemon, or correct endpoint",
                    innerException: failure);
            case HttpRequestException or IOException or SocketException when HttpFailure.IsBrokenOff(failure):
                return new ExtensionException(
                    Reason.Unreachable,
                    $"{what} at Docker {endpoint.Text} failed: the connection broke off before the answer was whole; look at the daemon, and at what stands between",
                    innerException: failure);
            case HttpRequestException or IOException or SocketException:
                return new ExtensionException(
                    Reason.Unreachable, $"{what} at Docker {endpoint.Text} failed: {Innermost(failure)}; check that the daemon runs and listens there",
                    innerException: failure);
            default:
                return null;
        }
    }

    /// <summary>Our own deadline passed.</summary>
    internal static ExtensionException OfDeadline(string what, DockerEndpoint endpoint, TimeSpan deadline) =>
        new(Reason.Timeout, string.Create(
            CultureInfo.InvariantCulture, $"{what} at Docker {endpoint.Text} had no answer within {deadline.TotalSeconds:0} s; look at the daemon's load and log"));

    private static string Place(Exception failure) => failure is JsonException { LineNumber: { } line, BytePositionInLine: { } place }
        ? string.Create(CultureInfo.InvariantCulture, $" from line {line + 1}, byte {place + 1} on")
        : "";

    private static string Innermost(Exception failure)
    {
        var deepest = failure;
        while (deepest.InnerException is { } inner)
            deepest = inner;
        return deepest.Message.ReplaceLineEndings(" ");
    }

    private static async Task<string> ReadMessageAsync(HttpResponseMessage answer, CancellationToken stopping)
    {
        try
        {
            var body = await answer.Content.ReadAsStringAsync(stopping);
            var said = body.TrimStart().StartsWith('{') ? JsonSerializer.Deserialize(body, DockerJson.Default.ErrorAnswer)?.Message ?? "" : "";
            return HttpFailure.Shorten(said);
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException or SocketException)
        {
            return ""; // the status says enough
        }
    }
}
