using Interlook.Api.Answers;
using Interlook.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Interlook.Api.Endpoints;

/// <summary>Says what was wrong where the web framework refused a request with a status and no more, before any endpoint of ours ran.</summary>
internal static class FrameworkRefusals
{
    /// <summary>The problem for the status that the answer has.</summary>
    public static ProblemHttpResult Explain(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.NoPath(request.Path.Value ?? "", Known(context)),
            StatusCodes.Status405MethodNotAllowed => Problems.NoMethod(
                request.Method, request.Path.Value ?? "", context.Response.Headers.Allow.ToString()),
            StatusCodes.Status400BadRequest => Problems.BadRequest(
                StatusCodes.Status400BadRequest,
                $"the query {request.QueryString.Value} is not understood: error takes true or false, the other filters a text"),
            var status => Problems.Refused(status),
        };
    }

    private static IEnumerable<string> Known(HttpContext context) =>
        context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } path
                && !path.Contains("{**path}", StringComparison.Ordinal)
                && !path.StartsWith(LivePage.Folder, StringComparison.Ordinal))
            .SelectMany(Show)
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Show(RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!
            .Replace("{**name}", "NAME", StringComparison.Ordinal)
            .Replace("{name}", "NAME", StringComparison.Ordinal);
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {path}");
    }
}
