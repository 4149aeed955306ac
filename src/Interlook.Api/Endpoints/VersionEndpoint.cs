using Interlook.Api.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /version.</summary>
internal static class VersionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/version", Answer)
        .WithName("version")
        .WithSummary("What runs.");

    private static Ok<VersionAnswer> Answer(ApiOptions options) => TypedResults.Ok(VersionAnswer.Of(options.Version));
}
