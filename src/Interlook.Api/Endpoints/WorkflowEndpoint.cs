using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /workflow.</summary>
internal static class WorkflowEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/workflow", Answer)
        .WithName("workflow")
        .WithSummary("The workflows, in configuration order.");

    private static Ok<WorkflowAnswer[]> Answer(IEngine engine) => TypedResults.Ok(engine.Workflows.Select(WorkflowAnswer.Of).ToArray());
}
