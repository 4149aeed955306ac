using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// Makes sure that the cluster has the three kinds: those that are missing are made as the shipped manifest has them, and one that is there is
/// never changed, whoever made it.
/// </summary>
internal sealed partial class ClaimDefinitions(ApiServer api, TimeProvider time, ILogger<ClaimDefinitions> logger)
{
    /// <summary>The manifest, for messages.</summary>
    internal const string Manifest = "deploy/externalip/crds.yaml";

    private const string Collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private const string Resource = "customresourcedefinitions.apiextensions.k8s.io";

    /// <summary>Where there are several API servers each waits for some seconds before it says that a kind is established.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes what is missing, and waits until all three are served.</summary>
    /// <exception cref="ExtensionException">They are not there and we may not make them, or the server does not come to serve them.</exception>
    internal async Task EnsureAsync(CancellationToken stopping)
    {
        foreach (var definition in Shipped())
            await EnsureAsync(definition, stopping);
    }

    /// <summary>The definitions of the manifest.</summary>
    internal static IEnumerable<JsonNode> Shipped()
    {
        using var stream = typeof(ClaimDefinitions).Assembly.GetManifestResourceStream("crds.yaml")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split("\n---\n").Select(text => YamlJson.Read(text)!)];
    }

    private async Task EnsureAsync(JsonNode shipped, CancellationToken stopping)
    {
        var name = (string)shipped["metadata"]!["name"]!;
        var plural = (string)shipped["spec"]!["names"]!["plural"]!;
        ResourceDefinition? found;
        try
        {
            found = await ReadAsync(name, stopping) ?? await CreateAsync(name, shipped, stopping);
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Unauthorized)
        {
            if (await IsServedAsync(plural, stopping))
                return; // all that is needed is there
            throw new ExtensionException(
                Reason.Unauthorized,
                $"{api.Server} has no {name}, and we may not define it: let somebody who may run kubectl apply -f {Manifest}", innerException: failure);
        }
        if (found is not null && !Fits(name, found))
            return;
        await WaitAsync(name, plural, found, stopping);
    }

    /// <exception cref="ExtensionException">It would lose what the protocol rests on.</exception>
    private bool Fits(string name, ResourceDefinition found)
    {
        if (found.Find(WellKnown.Version) is not { } version)
        {
            Log.LacksVersion(logger, name, WellKnown.Version, Manifest);
            return false;
        }
        return version.Subresources?.Status is null
            ? true
            : throw new ExtensionException(
                Reason.Refused, $"{api.Server}: {name} has its status as a part of its own, and a claim is changed by one write: define it as {Manifest} does");
    }

    private async Task WaitAsync(string name, string plural, ResourceDefinition? known, CancellationToken stopping)
    {
        var begin = time.GetTimestamp();
        while (known is not { IsEstablished: true } || !await IsServedAsync(plural, stopping))
        {
            if (time.GetElapsedTime(begin) >= Patience)
            {
                throw new ExtensionException(
                    Reason.Unavailable, $"{api.Server} does not serve {name} after {Patience.TotalSeconds} seconds: kubectl describe crd {name} says why");
            }
            await Task.Delay(Pause, time, stopping);
            known = await ReadAsync(name, stopping);
        }
    }

    private Task<ResourceDefinition?> ReadAsync(string name, CancellationToken stopping) =>
        AskAsync(Request(HttpMethod.Get, $"{Collection}/{name}", "get", $"reading the definition {name}"), HttpStatusCode.NotFound, stopping);

    private async Task<ResourceDefinition?> CreateAsync(string name, JsonNode shipped, CancellationToken stopping)
    {
        var request = Request(HttpMethod.Post, Collection, "create", $"making the definition {name}") with { Body = Encoding.UTF8.GetBytes(shipped.ToJsonString()) };
        try
        {
            var made = await AskAsync(request, null, stopping);
            Log.Made(logger, name);
            return made;
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
        {
            return await ReadAsync(name, stopping); // somebody else was faster
        }
    }

    private async Task<bool> IsServedAsync(string plural, CancellationToken stopping)
    {
        var path = $"/apis/{WellKnown.ApiVersion}/{plural}?limit=1";
        var request = new ApiRequest { Method = HttpMethod.Get, Path = path, Verb = "list", Resource = plural, Doing = $"looking for {plural}" };
        return await api.Transport.AskAsync(request, ApiTransport.CallPatience, (_, _) => Task.FromResult(plural), HttpStatusCode.NotFound, stopping) is not null;
    }

    private Task<ResourceDefinition?> AskAsync(ApiRequest request, HttpStatusCode? missing, CancellationToken stopping) =>
        api.Transport.AskAsync(
            request, ApiTransport.CallPatience,
            async (answer, token) => ResourceDefinition.Read(await answer.Content.ReadAsByteArrayAsync(token))
                ?? throw api.Transport.Fault.Malformed(request, "the answer is no definition"),
            missing, stopping);

    private static ApiRequest Request(HttpMethod method, string path, string verb, string doing) =>
        new() { Method = method, Path = path, Verb = verb, Resource = Resource, Doing = doing };
}
