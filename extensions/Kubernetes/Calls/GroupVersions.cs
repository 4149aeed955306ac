using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Asks a server which versions of an API group it has.</summary>
internal sealed class GroupVersions(ApiTransport transport)
{
    /// <summary>Chooses a version.</summary>
    /// <param name="group">The group.</param>
    /// <param name="known">The versions that we can read, the best first.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <exception cref="ExtensionException">It could not be asked, or has none of them.</exception>
    internal async Task<string> ChooseAsync(string group, ImmutableArray<string> known, CancellationToken stopping)
    {
        var request = new ApiRequest
        {
            Method = HttpMethod.Get,
            Path = $"/apis/{group}",
            Verb = "get",
            Resource = "the versions of its API groups",
            Doing = $"asking for the versions of {group}",
        };
        var document = await transport.AskAsync(
            request, ApiTransport.CallPatience,
            async (answer, token) => Read(await answer.Content.ReadAsByteArrayAsync(token))
                ?? throw transport.Fault.Malformed(request, "the answer is no list of versions"),
            HttpStatusCode.NotFound, stopping);
        var offered = (document?.Versions ?? []).Select(version => version.Version ?? "").ToList();
        return known.FirstOrDefault(offered.Contains) ?? throw new ExtensionException(
            Reason.Refused,
            $"{transport.Fault.Describe(request)}: it has {(offered.Count == 0 ? "none" : string.Join(", ", offered))}, and {string.Join(" or ", known)} "
            + "is needed; use a Kubernetes from 1.17 on");
    }

    private static ApiGroup? Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GroupJson.Default.ApiGroup) is { Versions: not null } group ? group : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A group (kind APIGroup of meta/v1).</summary>
internal sealed record ApiGroup
{
    public ImmutableArray<ApiGroupVersion>? Versions { get; init; }
}

/// <summary>One of its versions.</summary>
internal sealed record ApiGroupVersion
{
    public string? Version { get; init; }
}

/// <summary>Reads groups.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiGroup))]
internal sealed partial class GroupJson : JsonSerializerContext;
