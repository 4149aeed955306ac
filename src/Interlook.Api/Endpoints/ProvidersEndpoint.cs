using Interlook.Api.Answers;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /providers.</summary>
internal static class ProvidersEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/providers", Answer)
        .WithName("providers")
        .WithSummary("Every provider: when it was last in step with its platform, what it rejects, what is held.");

    private static Ok<ProviderAnswer[]> Answer(IEngine engine) => TypedResults.Ok(engine.Providers().Select(ProviderAnswer.Of).ToArray());
}
