using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>The definition of a kind (CustomResourceDefinition of apiextensions.k8s.io/v1), read down to what is asked of it here.</summary>
internal sealed record ResourceDefinition
{
    public ResourceDefinitionSpec? Spec { get; init; }

    public ResourceDefinitionStatus? Status { get; init; }

    /// <summary>True when the server says that it serves the kind.</summary>
    internal bool IsEstablished => Status?.Conditions?.Any(each => each is { Type: "Established", Status: "True" }) == true;

    /// <summary>A version that it serves; null when it does not.</summary>
    internal ResourceDefinitionVersion? Find(string version) =>
        Spec?.Versions?.FirstOrDefault(each => each.Name == version && each.Served);

    /// <summary>Reads one.</summary>
    /// <returns>Null when it is none.</returns>
    internal static ResourceDefinition? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ResourceDefinitionJson.Default.ResourceDefinition) is { Spec: not null } definition ? definition : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What is defined.</summary>
internal sealed record ResourceDefinitionSpec
{
    public ImmutableArray<ResourceDefinitionVersion>? Versions { get; init; }
}

/// <summary>A version of the kind.</summary>
internal sealed record ResourceDefinitionVersion
{
    public string? Name { get; init; }

    public bool Served { get; init; }

    public ResourceDefinitionParts? Subresources { get; init; }
}

/// <summary>What is written apart from the object.</summary>
internal sealed record ResourceDefinitionParts
{
    public JsonElement? Status { get; init; }
}

/// <summary>How the server has taken it.</summary>
internal sealed record ResourceDefinitionStatus
{
    /// <summary>Null at first.</summary>
    public ImmutableArray<ResourceDefinitionCondition>? Conditions { get; init; }
}

/// <summary>One thing that is so or not so of it.</summary>
internal sealed record ResourceDefinitionCondition
{
    public string? Type { get; init; }

    public string? Status { get; init; }
}

/// <summary>Reads definitions.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ResourceDefinition))]
internal sealed partial class ResourceDefinitionJson : JsonSerializerContext;
