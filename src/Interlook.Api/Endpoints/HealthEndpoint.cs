using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /health.</summary>
internal static class HealthEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", Answer)
        .WithName("health")
        .WithSummary("Whether every extension reaches its system.")
        .Produces<HealthAnswer>()
        .Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);

    private static JsonHttpResult<HealthAnswer> Answer(IEngine engine)
    {
        var extensions = engine.Extensions();
        var healthy = extensions.All(extension => extension.Connected);
        return TypedResults.Json(
            new HealthAnswer(healthy ? "ok" : "failing", [.. extensions.Select(ExtensionAnswer.Of)]),
            ApiJson.Default.HealthAnswer,
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
