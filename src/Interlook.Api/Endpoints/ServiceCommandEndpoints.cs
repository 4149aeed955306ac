using Interlook.Api.Answers;
using Interlook.Api.Naming;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>POST /services/{name}/refresh and /retry.</summary>
internal static class ServiceCommandEndpoints
{
    private const string Prefix = "/services/";
    private const string Refresh = "/refresh";
    private const string Retry = "/retry";

    /// <summary>Longer than a provider's own deadline, shorter than what a client waits.</summary>
    private static readonly TimeSpan RefreshDeadline = TimeSpan.FromSeconds(30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        Describe(routes.MapPost($"{Prefix}{{name}}{Refresh}", RefreshAsync))
            .WithName("refresh")
            .WithSummary("Asks the provider about one service and takes its answer.")
            .Produces<AcceptedAnswer>()
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        Describe(routes.MapPost($"{Prefix}{{name}}{Retry}", RetryNow))
            .WithName("retry")
            .WithSummary("Takes the next step of a failed entry now, without waiting for its back-off.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted);

        // A name with a slash that the client did not encode has more segments than the two routes above know.
        routes.MapPost($"{Prefix}{{**path}}", DispatchAsync).ExcludeFromDescription();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> DispatchAsync(IEngine engine, TimeProvider time, HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.EndsWith(Refresh, StringComparison.OrdinalIgnoreCase))
            return await RefreshAsync(engine, time, request);
        return path.EndsWith(Retry, StringComparison.OrdinalIgnoreCase)
            ? RetryNow(engine, request)
            : Problems.NoCommand();
    }

    private static async Task<IResult> RefreshAsync(IEngine engine, TimeProvider time, HttpRequest request)
    {
        var (key, problem) = Find(engine, request, Refresh);
        if (problem is not null)
            return problem;
        var aborted = request.HttpContext.RequestAborted;
        using var deadline = new CancellationTokenSource(RefreshDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        var name = EntryNames.Of(key, engine);
        try
        {
            return await engine.RefreshAsync(key, either.Token)
                ? TypedResults.Ok(Accepted(engine, key, name))
                : Problems.NoService(name, null);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return Problems.NotRead(
                Reason.Timeout,
                $"the provider of {name} did not answer within {RefreshDeadline.TotalSeconds:0} s; nothing changed, GET /providers tells how it does");
        }
    }

    private static IResult RetryNow(IEngine engine, HttpRequest request)
    {
        var (key, problem) = Find(engine, request, Retry);
        if (problem is not null)
            return problem;
        var name = EntryNames.Of(key, engine);
        return engine.Retry(key)
            ? TypedResults.Accepted((string?)null, Accepted(engine, key, name))
            : Problems.NoService(name, null);
    }

    private static AcceptedAnswer Accepted(IEngine engine, ServiceKey key, string name) =>
        new(name, engine.Find(key) is { } entry ? ServiceAnswer.Of(entry, engine) : null);

    private static (ServiceKey Key, ProblemHttpResult? Problem) Find(IEngine engine, HttpRequest request, string command)
    {
        var text = RawPath.Between(request, Prefix, command);
        return EntryNames.Find(text, engine) switch
        {
            Lookup.Found found => (found.Entry.Key, null),
            Lookup.Several several => (default, Problems.Ambiguous(text, several.Candidates)),
            Lookup.None none => (default, Problems.NoService(text, none.Suggestion)),
            _ => (default, Problems.Fault()),
        };
    }
}
