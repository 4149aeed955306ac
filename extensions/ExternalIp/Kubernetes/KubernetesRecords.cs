using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// One kind of record at an API server. Reads name no version: such a read goes to the server's store, and is not late (Kubernetes API concepts,
/// "Semantics for get and list"). Safe for concurrent use.
/// </summary>
internal sealed class KubernetesRecords<T>(
    ApiServer api, RecordKind<T> kind, TimeSpan patience, TimeSpan resync, TimeProvider time, ILogger logger) : IClaimRecords<T>
    where T : class
{
    private readonly RecordLists<T> lists = new(api, kind, time);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordView<T>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var watch = new RecordWatch<T>(lists, resync, time, logger);
        while (true)
            yield return await watch.NextAsync(stopping);
    }

    /// <inheritdoc/>
    public async Task<RecordView<T>> ListAsync(CancellationToken stopping) => (await lists.ReadAsync(null, stopping)).View;

    /// <inheritdoc/>
    public async Task<StoredRecord<T>?> ReadAsync(string name, CancellationToken stopping)
    {
        var request = Request(HttpMethod.Get, PathOf(name), "get", $"reading {name} of the {kind.Resource.Plural}");
        return await AskAsync(request, HttpStatusCode.NotFound, stopping) is { } read ? new(lists.RevisionOf(read), read.Value) : null;
    }

    /// <inheritdoc/>
    public async Task<WriteResult> CreateAsync(T record, CancellationToken stopping)
    {
        var request = Request(HttpMethod.Post, kind.Resource.Collection(""), "create", $"making {kind.NameOf(record)} among the {kind.Resource.Plural}") with
        {
            Body = kind.Write(record, Revision.None),
        };
        try
        {
            return Written(request, record, await AskAsync(request, null, stopping));
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
        {
            return new(WriteOutcome.Exists);
        }
    }

    /// <inheritdoc/>
    public async Task<WriteResult> UpdateAsync(T record, Revision expected, CancellationToken stopping)
    {
        var name = kind.NameOf(record);
        var request = Request(HttpMethod.Put, PathOf(name), "update", $"writing {name} of the {kind.Resource.Plural}") with
        {
            Body = kind.Write(record, expected),
        };
        try
        {
            return Written(request, record, await AskAsync(request, HttpStatusCode.NotFound, stopping));
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
        {
            return new(WriteOutcome.Conflict);
        }
    }

    /// <inheritdoc/>
    public async Task<WriteResult> DeleteAsync(string name, Revision expected, CancellationToken stopping)
    {
        var request = Request(HttpMethod.Delete, PathOf(name), "delete", $"removing {name} from the {kind.Resource.Plural}") with
        {
            Body = Encoding.UTF8.GetBytes($$$"""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"resourceVersion":"{{{expected.Value}}}"}}"""),
        };
        try
        {
            // What comes is the object or a Status, and says nothing that is needed.
            var answer = await api.Transport.AskAsync(request, patience, (_, _) => Task.FromResult(kind), HttpStatusCode.NotFound, stopping);
            return new(answer is null ? WriteOutcome.Missing : WriteOutcome.Written);
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Conflict)
        {
            return new(WriteOutcome.Conflict);
        }
    }

    private WriteResult Written(ApiRequest request, T record, RecordObject<T>? answer)
    {
        if (answer is null)
            return new(WriteOutcome.Missing);
        return kind.HasKept(record, answer.Value)
            ? new(WriteOutcome.Written, lists.RevisionOf(answer))
            : throw new ExtensionException(
                Reason.Refused,
                $"{api.Transport.Fault.Describe(request)}: the server dropped its status; give {kind.Resource.Plural}.{Claims.WellKnown.Group} the definition in "
                + $"{ClaimDefinitions.Manifest}, which keeps it");
    }

    private Task<RecordObject<T>?> AskAsync(ApiRequest request, HttpStatusCode? missing, CancellationToken stopping) =>
        api.Transport.AskAsync<RecordObject<T>>(
            request, patience,
            async (answer, token) => kind.Resource.Read(await answer.Content.ReadAsByteArrayAsync(token), out var broken)
                ?? throw api.Transport.Fault.Malformed(request, $"the answer is no {kind.Resource.Kind}: {broken!.Problem}"),
            missing, stopping);

    private string PathOf(string name) => kind.Resource.Path(new ObjectName("", name));

    private ApiRequest Request(HttpMethod method, string path, string verb, string doing) =>
        new() { Method = method, Path = path, Verb = verb, Resource = kind.Resource.Plural, Doing = doing };
}
