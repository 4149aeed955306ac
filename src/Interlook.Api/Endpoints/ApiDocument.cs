using System.Text.Json.Nodes;
using Interlook.Extensions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Interlook.Api.Endpoints;

/// <summary>GET /openapi.json: the API described for machines.</summary>
internal static class ApiDocument
{
    /// <summary>The version of the API, which is not the program's: it changes when a client must change.</summary>
    private const string ApiVersion = "1";

    private const string TokenScheme = "apiToken";

    public static void Register(IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.AddDocumentTransformer(DescribeApi);
        options.AddOperationTransformer(DescribeToken);
    });

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi.json");

    /// <summary>Names the path parameter of an endpoint that reads it from the request line itself.</summary>
    public static Task DescribeName(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stopping)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = "name",
                In = ParameterLocation.Path,
                Required = true,
                Description = "The service as GET /services names it, percent-encoded; a slash may be written as it is.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        ];
        return Task.CompletedTask;
    }

    private static Task DescribeApi(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stopping)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Interlook",
            Version = ApiVersion,
            Description = "Reads what Interlook does and passes on commands. Calls other than GET may need the token of core.apiToken.",
        };
        document.Servers = null;
        document.Tags = null;
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? []))
            operation.Tags = null;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [TokenScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        foreach (var schema in (document.Components.Schemas ?? new Dictionary<string, IOpenApiSchema>()).Values.OfType<OpenApiSchema>())
            DescribeAbsence(schema);
        DescribeReason(document.Components.Schemas?["ProblemDetails"] as OpenApiSchema);
        return Task.CompletedTask;
    }

    /// <summary>What has no value is left out of an answer, never written as null.</summary>
    private static void DescribeAbsence(OpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties?.ToArray() ?? [])
        {
            if (property is not OpenApiSchema own)
                continue;
            if (own.OneOf?.OfType<OpenApiSchemaReference>().FirstOrDefault() is { } value)
                schema.Properties![name] = value;
            else if (own.Type is { } type && type.HasFlag(JsonSchemaType.Null))
                own.Type = type & ~JsonSchemaType.Null;
            else
                continue;
            schema.Required?.Remove(name);
        }
    }

    private static void DescribeReason(OpenApiSchema? problem)
    {
        if (problem?.Properties is null)
            return;
        problem.Properties["reason"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "Why, where one of the closed set applies.",
            Enum = [.. Enum.GetNames<Reason>().Select(name => (JsonNode)name)],
        };
    }

    private static Task DescribeToken(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stopping)
    {
        if (context.Description.HttpMethod != "GET")
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }
}
