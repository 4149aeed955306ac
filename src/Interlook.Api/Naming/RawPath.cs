using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Interlook.Api.Naming;

/// <summary>
/// Reads a name from the request line as the client encoded it. The server's own path keeps <c>%2F</c> as it is and decodes <c>%252F</c>
/// to the same text, so a name with a slash and one with "%2F" could not be told apart.
/// </summary>
internal static class RawPath
{
    /// <summary>What stands after a prefix and before a suffix of the path, decoded.</summary>
    /// <param name="request">The request; routing has matched its path.</param>
    /// <param name="prefix"><c>/services/</c>.</param>
    /// <param name="suffix"><c>/refresh</c>, or nothing.</param>
    public static string Between(HttpRequest request, string prefix, string suffix = "")
    {
        var path = Of(request);

        // An absolute target (RFC 9112 section 3.2.2) has scheme and authority in front.
        var start = path.IndexOf(prefix, StringComparison.OrdinalIgnoreCase);
        if (start < 0 || !path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) || path.Length < start + prefix.Length + suffix.Length)
            throw new BadHttpRequestException("the path is written in a way that is not understood: encode the name once, and nothing else");
        return Uri.UnescapeDataString(path[(start + prefix.Length)..^suffix.Length]);
    }

    /// <summary>True when the path ends so, as the client encoded it.</summary>
    public static bool EndsWith(HttpRequest request, string suffix) => Of(request).EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Of(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
