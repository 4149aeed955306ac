using System.Collections.Immutable;
using System.Globalization;
using Interlook.Extensions.Connections;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>Lists the records of one kind, and opens watches of them. Safe for concurrent use.</summary>
internal sealed class RecordLists<T>(ApiServer api, RecordKind<T> kind, TimeProvider time)
    where T : class
{
    /// <summary>
    /// The longest wait for a list, and for the beginning of a watch: shorter than the client's own, because until a list is there a new claim is
    /// not seen.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long the server lets a watch live.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ObjectSource<RecordObject<T>> source = new(api, kind.Resource.Plural, "", _ => Task.FromResult(kind.Resource));

    /// <summary>The kind's name, for messages.</summary>
    internal string Plural => kind.Resource.Plural;

    /// <summary>Lists all.</summary>
    /// <param name="notOlderThan">A version that the answer may be as old as, which spares the server's store; null for the newest.</param>
    /// <param name="stopping">Cancels it.</param>
    internal async Task<(RecordView<T> View, ImmutableArray<BrokenObject> Broken)> ReadAsync(Revision? notOlderThan, CancellationToken stopping)
    {
        var list = await WaitAsync("listing", token => source.ListAsync("", notOlderThan?.Value.ToString(CultureInfo.InvariantCulture), token), stopping);
        var records = RecordView<T>.Empty.Records.ToBuilder();
        foreach (var value in list.Objects)
            records[value.Metadata.Name] = new(RevisionOf(value), value.Value);
        return (new(Parse(list.Version), records.ToImmutable()), list.Broken);
    }

    /// <summary>Opens a watch of what happened after a version.</summary>
    /// <returns>Null when that version is forgotten.</returns>
    internal Task<IWatch<RecordObject<T>>?> OpenAsync(Revision after, CancellationToken stopping) =>
        WaitAsync("watching", token => source.OpenAsync("", after.Value.ToString(CultureInfo.InvariantCulture), Life, token), stopping);

    /// <summary>The revision of an object.</summary>
    /// <exception cref="ExtensionException">It is no number.</exception>
    internal Revision RevisionOf(RecordObject<T> value) => Parse(value.Metadata.ResourceVersion);

    /// <summary>Reads a version. By the API's word it is opaque; all servers have etcd's revision there, and newer ones promise a number (KEP-5504).</summary>
    /// <exception cref="ExtensionException">It is no number.</exception>
    internal Revision Parse(string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(number)
            : throw new ExtensionException(
                Reason.Malformed, $"{api.Server}: the {Plural} have the version '{version}', which is no number; claims need a server that counts its versions");

    private Task<TAnswer> WaitAsync<TAnswer>(string doing, Func<CancellationToken, Task<TAnswer>> askAsync, CancellationToken stopping) =>
        ServerCall.AskAsync($"{api.Server}: {doing} {Plural} failed", api.Transport.Fault.Advice, Patience, time, askAsync, stopping);
}
