using Microsoft.AspNetCore.Http;

namespace Interlook.Api;

/// <summary>
/// HEAD is GET without the body (RFC 9110 section 9.3.2): endpoints see a GET, and the server, which knows what came in, leaves the body
/// out. An endpoint whose body has no end asks.
/// </summary>
internal static class HeadRequest
{
    private static readonly object Mark = new();

    /// <summary>Lets endpoints see a HEAD as a GET.</summary>
    public static Task ServeAsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Mark] = Mark;
            context.Request.Method = HttpMethods.Get;
        }
        return next(context);
    }

    /// <summary>True when a HEAD came in.</summary>
    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);
}
