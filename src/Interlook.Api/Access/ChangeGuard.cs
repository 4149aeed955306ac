using System.Net;
using System.Security.Cryptography;
using System.Text;
using Interlook.Api.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Interlook.Api.Access;

/// <summary>
/// Lets a changing call through only when its sender may make it. With a token: who carries it. Without: on loopback who is no web page
/// of another site, elsewhere nobody. Reading calls (GET, HEAD) pass.
/// </summary>
internal sealed class ChangeGuard
{
    private const string Scheme = "Bearer ";
    private readonly IPAddress listenAddress;
    private readonly byte[]? tokenHash;

    public ChangeGuard(ApiOptions options)
    {
        listenAddress = options.ListenAddress;
        tokenHash = options.ApiToken is { } token ? SHA256.HashData(Encoding.UTF8.GetBytes(token.Reveal())) : null;
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return next(context);
        if (tokenHash is not null)
            return CheckTokenAsync(context, next);
        if (!IPAddress.IsLoopback(listenAddress))
            return Problems.TokenNotSet(listenAddress).ExecuteAsync(context);
        return ForeignSite(request) is { } problem ? Problems.Forbidden(problem).ExecuteAsync(context) : next(context);
    }

    private Task CheckTokenAsync(HttpContext context, RequestDelegate next)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Unauthorized(context, "Bearer realm=\"interlook\"", "this call changes something: send the header Authorization: Bearer and core.apiToken");

        // Digests have one length, so the comparison tells neither the token's length nor where the two part.
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, tokenHash)
            ? next(context)
            : Unauthorized(context, "Bearer realm=\"interlook\", error=\"invalid_token\"", "the token is not the one of core.apiToken");
    }

    /// <summary>The challenge is RFC 6750 section 3.</summary>
    private static Task Unauthorized(HttpContext context, string challenge, string detail)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return Problems.Unauthorized(detail).ExecuteAsync(context);
    }

    /// <summary>
    /// A page in a browser on this machine can reach loopback. A name that its site points here (DNS rebinding) shows in Host, a plain
    /// cross-site request in Origin, which browsers send with every POST (Fetch standard, "append a request Origin header").
    /// </summary>
    private static string? ForeignSite(HttpRequest request)
    {
        var host = request.Host;
        if (!string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(host.Host, out _))
            return $"the Host header names neither localhost nor an address: call 127.0.0.1 itself, or set core.apiToken and send it";
        var origin = request.Headers[HeaderNames.Origin];
        return origin.Count == 0 || string.Equals(origin.ToString(), $"{request.Scheme}://{host.Value}", StringComparison.OrdinalIgnoreCase)
            ? null
            : "the Origin header is of another site: set core.apiToken and send it";
    }
}
