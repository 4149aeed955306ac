using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>
/// GET /openapi.json: the API described for machines. The document is a file of the repository that the tests make and compare; making
/// it here would load a good part of the framework for one rarely asked question.
/// </summary>
internal static class ApiDocument
{
    private const string Resource = "openapi.json";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi.json", Answer).ExcludeFromDescription();

    private static FileStreamHttpResult Answer() =>
        TypedResults.Stream(typeof(ApiDocument).Assembly.GetManifestResourceStream(Resource)!, "application/json; charset=utf-8");
}
