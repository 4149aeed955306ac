using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /ready.</summary>
internal static class ReadyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ready", Answer)
        .WithName("ready")
        .WithSummary("Whether every provider has delivered its first snapshot.")
        .Produces<ReadyAnswer>()
        .Produces<ReadyAnswer>(StatusCodes.Status503ServiceUnavailable);

    private static JsonHttpResult<ReadyAnswer> Answer(IEngine engine)
    {
        var ready = engine.IsReady;
        string[] missing = ready ? [] : [.. engine.Providers().Where(provider => provider.LastSync is null).Select(provider => provider.Name)];
        return TypedResults.Json(
            new ReadyAnswer(ready, missing),
            ApiJson.Default.ReadyAnswer,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
