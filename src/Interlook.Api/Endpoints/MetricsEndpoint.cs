using System.Buffers;
using Interlook.Api.Exposition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>GET /metrics.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", AnswerAsync)
        .WithName("metrics")
        .WithSummary("Metrics in the Prometheus text format, version 0.0.4.")
        .Produces<string>(StatusCodes.Status200OK, "text/plain");

    private static async Task AnswerAsync(PrometheusExposition exposition, HttpContext context)
    {
        var text = new ArrayBufferWriter<byte>(16 * 1024);
        exposition.Write(text);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = text.WrittenCount;
        await context.Response.Body.WriteAsync(text.WrittenMemory, context.RequestAborted);
    }
}
