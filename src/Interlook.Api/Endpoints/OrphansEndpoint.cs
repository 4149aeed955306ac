using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>POST /orphans/remove.</summary>
internal static class OrphansEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/orphans/remove", Answer)
        .WithName("removeOrphans")
        .WithSummary("Takes back what the last resync found bearing our mark and belonging to no entry; each then is an entry on its way out.")
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    /// <param name="engine">The engine.</param>
    private static Ok<RemovedOrphansAnswer> Answer(IEngine engine) => TypedResults.Ok(new RemovedOrphansAnswer(engine.RemoveOrphans()));
}
