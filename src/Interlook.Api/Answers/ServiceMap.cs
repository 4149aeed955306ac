using System.Text.Json;
using Interlook.Api.Naming;
using Interlook.Engine;
using Interlook.Entries;
using Microsoft.AspNetCore.Http;

namespace Interlook.Api.Answers;

/// <summary>Writes entries as one JSON object, entry by entry: what is in memory at once does not grow with their number.</summary>
internal sealed class ServiceMap(IEngine engine, Func<Entry, bool> matches) : IResult
{
    /// <summary>How much is written before it is sent on.</summary>
    private const int FlushSize = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        var body = response.BodyWriter;
        await using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        foreach (var entry in engine.Entries())
        {
            if (!matches(entry))
                continue;
            json.WritePropertyName(EntryNames.Of(entry.Key, engine));
            JsonSerializer.Serialize(json, ServiceAnswer.Of(entry, engine), ApiJson.Default.ServiceAnswer);
            if (json.BytesPending + body.UnflushedBytes < FlushSize)
                continue;
            await json.FlushAsync(httpContext.RequestAborted);
            await body.FlushAsync(httpContext.RequestAborted);
        }
        json.WriteEndObject();
    }
}
