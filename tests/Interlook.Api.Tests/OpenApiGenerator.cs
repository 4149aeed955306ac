using System.Reflection;
using System.Text.Json.Nodes;
using Interlook.Api.Answers;
using Interlook.Api.Endpoints;
using Interlook.Api.Exposition;
using Interlook.Api.Live;
using Interlook.Engine;
using Interlook.Extensions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.OpenApi;

namespace Interlook.Api.Tests;

/// <summary>Makes the OpenAPI document from the endpoints themselves.</summary>
internal static class OpenApiGenerator
{
    /// <summary>The version of the API, which is not the program's: it changes when a client must change.</summary>
    private const string ApiVersion = "1";

    private const string TokenScheme = "apiToken";
    private const string Path = "/generated.json";

    private static readonly XmlComments Comments = new(typeof(ApiServer).Assembly);

    /// <summary>Maps every endpoint, and asks the framework to describe them.</summary>
    /// <returns>The document, JSON.</returns>
    public static async Task<string> DocumentAsync(CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "interlook" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var engine = new FakeEngine();
        using var exposition = new PrometheusExposition(engine, NullLogger<PrometheusExposition>.Instance);
        builder.Services.AddSingleton<IEngine>(engine);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ApiOptions());
        builder.Services.AddSingleton(exposition);
        builder.Services.AddSingleton<Overview>();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi(options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            options.AddDocumentTransformer(DescribeApi);
            options.AddSchemaTransformer(DescribeSchema);
            options.AddOperationTransformer(DescribeName);
            options.AddOperationTransformer(DescribeToken);
        });
        await using var application = builder.Build();
        application.UseRouting();
        Routes.Map(application);
        application.MapOpenApi(Path);
        await application.StartAsync(stopping);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        return await client.GetStringAsync(Path, stopping);
    }

    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stopping)
    {
        schema.Description ??= Comments.Of(context.JsonTypeInfo.Type)
            ?? (context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property ? Comments.Of(property) : null);
        return Task.CompletedTask;
    }

    /// <summary>Names the path parameter of the endpoints that read it from the request line itself.</summary>
    private static Task DescribeName(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stopping)
    {
        if (context.Description.RelativePath?.StartsWith("services/{", StringComparison.Ordinal) != true)
            return Task.CompletedTask;
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
