using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>POST /providers/{name}/approve.</summary>
internal static class ApproveEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/providers/{name}/approve", Answer)
        .WithName("approve")
        .WithSummary("Takes the withdrawals that are held for a provider: their services are undeployed.")
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="engine">The engine.</param>
    /// <param name="name">The provider, <c>provider.docker</c>.</param>
    private static Results<Ok<ApprovedAnswer>, ProblemHttpResult> Answer(IEngine engine, string name) =>
        engine.ApproveWithdrawals(name) is { } withdrawn
            ? TypedResults.Ok(new ApprovedAnswer(name, withdrawn))
            : Problems.NoProvider(name, engine.Providers().Select(provider => provider.Name));
}
