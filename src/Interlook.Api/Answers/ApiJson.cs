using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Interlook.Api.Answers;

/// <summary>How answers are written: snake case as the earlier system did, absent values left out, markup escaped.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(ServiceAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(OverviewAnswer))]
[JsonSerializable(typeof(Dictionary<string, ServiceAnswer>))]
[JsonSerializable(typeof(ExtensionAnswer[]))]
[JsonSerializable(typeof(ProviderAnswer[]))]
[JsonSerializable(typeof(WorkflowAnswer[]))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(AcceptedAnswer))]
[JsonSerializable(typeof(ApprovedAnswer))]
[JsonSerializable(typeof(RemovedOrphansAnswer))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Gives the web framework's serializer the same rules.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}
