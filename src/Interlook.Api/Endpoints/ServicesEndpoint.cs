using Interlook.Api.Answers;
using Interlook.Engine;
using Interlook.Entries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /services.</summary>
internal static class ServicesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/services", Answer)
        .WithName("services")
        .WithSummary("Every entry, by name; filters narrow it down.")
        .Produces<Dictionary<string, ServiceAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="engine">The engine.</param>
    /// <param name="state">Only entries in this state.</param>
    /// <param name="provider">Only entries of this provider, <c>provider.docker</c>.</param>
    /// <param name="workflow">Only entries of this workflow.</param>
    /// <param name="error">True: only entries that failed; false: only entries that did not.</param>
    private static ServiceMap Answer(IEngine engine, string? state, string? provider, string? workflow, bool? error)
    {
        return new ServiceMap(engine, Matches);

        bool Matches(Entry entry) =>
            (state is null || entry.State == state)
            && (provider is null || entry.Desired.Provider == provider)
            && (workflow is null || entry.Key.Workflow == workflow)
            && (error is null || entry.Failure is not null == error);
    }
}
