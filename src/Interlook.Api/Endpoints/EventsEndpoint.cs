using Interlook.Api.Answers;
using Interlook.Api.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /events.</summary>
internal static class EventsEndpoint
{
    private const string EventStream = "text/event-stream";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", AnswerAsync)
        .WithName("events")
        .WithSummary("Every entry, then every change, as server-sent events: reset, services, ready, overview.")
        .Produces<string>(StatusCodes.Status200OK, EventStream)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task AnswerAsync(EventStreams streams, HttpContext context)
    {
        context.Response.ContentType = EventStream;
        context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold the events back
        if (HeadRequest.Is(context))
            return;
        if (!await streams.TryRunAsync(context))
        {
            context.Response.Headers.Remove("X-Accel-Buffering");
            context.Response.Headers.RetryAfter = "10";
            await Problems.TooManyStreams(EventStreams.Most).ExecuteAsync(context);
        }
    }
}
