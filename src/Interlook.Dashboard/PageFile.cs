using Microsoft.Net.Http.Headers;

namespace Interlook.Dashboard;

/// <summary>One file of the page, as it is sent.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Tag">Changes with the content, so that a browser's copy is good until the program is another.</param>
internal sealed record PageFile(ReadOnlyMemory<byte> Content, string ContentType, EntityTagHeaderValue Tag)
{
    /// <summary>Describes a file by its name's ending.</summary>
    /// <exception cref="InvalidOperationException">The ending is of no kind that the page has.</exception>
    public static PageFile Of(string name, byte[] content) => new(
        content,
        Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new InvalidOperationException($"the page has no files that end in '{other}'"),
        },
        new EntityTagHeaderValue($"\"{typeof(PageFile).Module.ModuleVersionId:N}\"")); // the files are within the module: with them it changes
}
