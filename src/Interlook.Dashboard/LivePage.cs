using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Dashboard;

/// <summary>
/// The live page: <c>/</c> and the files it consists of, below <see cref="Folder"/>. It reads the API beside it and nothing else, which its
/// Content-Security-Policy makes the browser hold. Safe for concurrent use.
/// </summary>
public static class LivePage
{
    /// <summary>Where the page's files are; the page itself is at <c>/</c>.</summary>
    public const string Folder = "/page/";

    private const string Start = "index.html";

    /// <summary>
    /// Nothing from elsewhere, nothing inline, no frame around it (CSP Level 3). The last two let a browser refuse any text as markup or
    /// code (Trusted Types), should a mistake ever hand it one.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenDictionary<string, PageFile> Files = Read(typeof(LivePage).Assembly);

    /// <summary>Adds the page's endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", static (HttpContext context) => Answer(context, Start)).ExcludeFromDescription();
        routes.MapGet(Folder + "{file}", static (HttpContext context, string file) => Answer(context, file)).ExcludeFromDescription();
    }

    private static Results<FileContentHttpResult, NotFound> Answer(HttpContext context, string name)
    {
        if (!Files.TryGetValue(name, out var file))
            return TypedResults.NotFound();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // Kept, but asked about each time: after an upgrade no page runs with half of the old files.
        headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    }

    private static FrozenDictionary<string, PageFile> Read(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(resource => resource.StartsWith("page/", StringComparison.Ordinal))
        .ToFrozenDictionary(resource => resource["page/".Length..], resource => PageFile.Of(resource, Read(assembly, resource)), StringComparer.Ordinal);

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
