using Interlook.Api.Answers;
using Interlook.Api.Naming;
using Interlook.Engine;
using Interlook.Entries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /services/{name}/history.</summary>
internal static class HistoryEndpoint
{
    public const string Suffix = "/history";

    private const string Prefix = "/services/";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet($"{Prefix}{{name}}{Suffix}", Answer)
        .WithName("history")
        .WithSummary("What happened to one entry, oldest first.")
        .Produces<HistoryAnswer>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    // The history of the service whose name stands before the suffix. A service whose own name ends so was found here before, and still is.
    public static IResult Answer(IEngine engine, HttpRequest request)
    {
        var text = RawPath.Between(request, Prefix, Suffix);
        return EntryNames.Find(text, engine) switch
        {
            Lookup.Found found => TypedResults.Ok(Of(found.Entry, engine)),
            Lookup.Several several => Problems.Ambiguous(text, several.Candidates),
            _ when EntryNames.Find(text + Suffix, engine) is Lookup.Found itself => TypedResults.Ok(ServiceAnswer.Of(itself.Entry, engine)),
            Lookup.None none => Problems.NoService(text, none.Suggestion),
            _ => Problems.Fault(),
        };
    }

    private static HistoryAnswer Of(Entry entry, IEngine engine) =>
        HistoryAnswer.Of(EntryNames.Of(entry.Key, engine), entry, engine.History(entry.Key), engine);
}
