using Interlook.Api.Answers;
using Interlook.Api.Naming;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /services/{name}.</summary>
internal static class ServiceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/services/{**name}", Answer)
        .WithName("service")
        .WithSummary("One entry.")
        .Produces<ServiceAnswer>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static IResult Answer(IEngine engine, HttpRequest request)
    {
        var text = RawPath.Between(request, "/services/");
        return EntryNames.Find(text, engine) switch
        {
            Lookup.Found found => TypedResults.Ok(ServiceAnswer.Of(found.Entry, engine)),
            Lookup.Several several => Problems.Ambiguous(text, several.Candidates),
            Lookup.None when RawPath.EndsWith(request, HistoryEndpoint.Suffix) => HistoryEndpoint.Answer(engine, request), // of a name with a slash
            Lookup.None none => Problems.NoService(text, none.Suggestion),
            _ => Problems.Fault(),
        };
    }
}
