using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /extensions.</summary>
internal static class ExtensionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/extensions", Answer)
        .WithName("extensions")
        .WithSummary("Every extension of the workflows: connected or not, and why.");

    private static Ok<ExtensionAnswer[]> Answer(IEngine engine) => TypedResults.Ok(engine.Extensions().Select(ExtensionAnswer.Of).ToArray());
}
