using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Lists and watches the objects of one kind at an API server.</summary>
/// <param name="server">The server.</param>
/// <param name="plural">The kind, for messages.</param>
/// <param name="selector">The labels that they must have, as the API writes it; empty for all.</param>
/// <param name="chooseAsync">Says where the server has them; asked again after it did not have them there.</param>
internal sealed class ObjectSource<T>(ApiServer server, string plural, string selector, Func<CancellationToken, Task<ResourceKind<T>>> chooseAsync)
    : IObjectSource<T>
    where T : KubernetesObject
{
    /// <summary>What other clients use, and servers are measured with.</summary>
    private const int PageSize = 500;

    private const int UsualPage = 256 * 1024;

    /// <summary>How often a list in pages is begun anew because its version was forgotten, before it is asked for in one piece.</summary>
    private const int MostBeginnings = 2;

    private volatile ResourceKind<T>? chosen;

    /// <inheritdoc/>
    public string Plural => plural;

    /// <inheritdoc/>
    public bool IsSelective => selector != "";

    /// <inheritdoc/>
    public Task<ObjectList<T>> ListAsync(string scope, string? notOlderThan, CancellationToken stopping) => WithKindAsync(
        async kind =>
        {
            if (notOlderThan is not null)
            {
                // Without a limit: with one, the server asks its store in spite of the version (seen with 1.20).
                var query = $"?resourceVersion={Uri.EscapeDataString(notOlderThan)}&resourceVersionMatch=NotOlderThan";
                return (await PageAsync(kind, scope, query, new AnswerBody(UsualPage), null, stopping))!;
            }
            for (var beginnings = 0; beginnings < MostBeginnings; beginnings++)
            {
                if (await PagesAsync(kind, scope, stopping) is { } whole)
                    return whole;
            }
            return (await PageAsync(kind, scope, "?", new AnswerBody(UsualPage), null, stopping))!;
        },
        stopping);

    /// <inheritdoc/>
    public Task<IWatch<T>?> OpenAsync(string scope, string version, TimeSpan life, CancellationToken stopping) => WithKindAsync(
        async kind =>
        {
            var seconds = ((int)life.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var request = Request(
                kind, scope,
                $"?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={seconds}{Selected}", "watch");
            var answer = await server.Transport.OpenAsync(request, HttpStatusCode.Gone, stopping);
            return answer is null
                ? null
                : (IWatch<T>)new Watch<T>(answer, await answer.Content.ReadAsStreamAsync(stopping), kind, request, server.Transport.Fault);
        },
        stopping);

    /// <inheritdoc/>
    public Task<T?> ReadAsync(ObjectName name, CancellationToken stopping) => WithKindAsync(kind => server.GetAsync(kind, name, stopping), stopping);

    private string Selected => selector == "" ? "" : $"&labelSelector={Uri.EscapeDataString(selector)}";

    private async Task<TResult> WithKindAsync<TResult>(Func<ResourceKind<T>, Task<TResult>> askAsync, CancellationToken stopping)
    {
        var kind = chosen ??= await chooseAsync(stopping);
        try
        {
            return await askAsync(kind);
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Refused)
        {
            chosen = null; // the server may have been replaced by a newer one that has it elsewhere
            throw;
        }
    }

    /// <returns>Null when the version was forgotten between two pages.</returns>
    private async Task<ObjectList<T>?> PagesAsync(ResourceKind<T> kind, string scope, CancellationToken stopping)
    {
        var objects = ImmutableArray.CreateBuilder<T>();
        var broken = ImmutableArray.CreateBuilder<BrokenObject>();
        var body = new AnswerBody(UsualPage);
        var next = "";
        while (true)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"?limit={PageSize}");
            if (next != "")
                query += $"&continue={Uri.EscapeDataString(next)}";
            if (await PageAsync(kind, scope, query, body, next == "" ? null : HttpStatusCode.Gone, stopping) is not { } page)
                return null;
            objects.AddRange(page.Objects);
            broken.AddRange(page.Broken);
            next = page.Continue;
            if (next == "")
                return new(objects.DrainToImmutable(), broken.DrainToImmutable(), page.Version);
        }
    }

    private Task<ObjectList<T>?> PageAsync(
        ResourceKind<T> kind, string scope, string query, AnswerBody body, HttpStatusCode? missing, CancellationToken stopping)
    {
        var request = Request(kind, scope, query + Selected, "list") with { TakesGzip = true };
        return server.Transport.AskAsync(
            request, ApiTransport.ListPatience,
            async (answer, token) =>
            {
                try
                {
                    await body.ReadAsync(answer.Content, token);
                    return ListText.Read(body.Bytes, kind);
                }
                catch (Exception failure) when (failure is JsonException or InvalidDataException)
                {
                    throw server.Transport.Fault.Malformed(request, "the answer is no list", failure);
                }
            },
            missing, stopping);
    }

    private static ApiRequest Request(ResourceKind<T> kind, string scope, string query, string verb) => new()
    {
        Method = HttpMethod.Get,
        Path = kind.Collection(scope) + query,
        Verb = verb,
        Resource = kind.Plural,
        Doing = $"{(verb == "watch" ? "watching" : "listing")} {kind.Plural}{(scope == "" ? "" : $" in {scope}")}",
    };
}
