using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>One kind of record as an object of the API server, which holds the same JSON as etcd does.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class RecordKind<T>
    where T : class
{
    private const string Version = "resourceVersion";

    /// <summary>What the server alone says: an object that is to be made may not have them.</summary>
    private static readonly string[] OfServer = [Version, "uid", "creationTimestamp", "generation", "selfLink"];

    private readonly JsonTypeInfo<T> json;
    private readonly Func<T, ClaimMeta> metadata;
    private readonly Func<T, ClaimMeta, T> with;

    /// <param name="plural">Its name in paths and rights: <c>ipclaims</c>.</param>
    /// <param name="name">Its name in objects: <c>IpClaim</c>.</param>
    /// <param name="json">Reads and writes one.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="with">The same record with other metadata.</param>
    internal RecordKind(string plural, string name, JsonTypeInfo<T> json, Func<T, ClaimMeta> metadata, Func<T, ClaimMeta, T> with)
    {
        (this.json, this.metadata, this.with) = (json, metadata, with);
        var options = new JsonSerializerOptions { TypeInfoResolver = json.Options.TypeInfoResolver };
        Resource = new(
            Claims.WellKnown.Group, Claims.WellKnown.Version, plural, name, IsNamespaced: false,
            JsonMetadataServices.CreateValueInfo<RecordObject<T>>(options, new RecordConverter<T>(json, metadata)), ObjectJson.Make().NamedObject);
    }

    /// <summary>Where the server has them, and how one is read.</summary>
    internal ResourceKind<RecordObject<T>> Resource { get; }

    /// <summary>The record's name.</summary>
    internal string NameOf(T record) => metadata(record).Name;

    /// <summary>Writes a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="expected">The version that it replaces; <see cref="Revision.None"/> for one that is to be made.</param>
    internal byte[] Write(T record, Revision expected)
    {
        var known = metadata(record);
        var others = new Dictionary<string, JsonElement>(known.Others ?? [], StringComparer.Ordinal);
        foreach (var member in expected == Revision.None ? OfServer : [])
            others.Remove(member);
        if (expected != Revision.None)
            others[Version] = JsonElement.Parse($"\"{expected.Value}\"");
        return JsonSerializer.SerializeToUtf8Bytes(with(record, known with { Others = others }), json);
    }

    /// <summary>
    /// True when a server that was given a record has its status too. A definition of the kind that has the status apart, or a schema that drops what it
    /// does not know, takes the holder out of a claim without a word, and then nobody knows who may have the address.
    /// </summary>
    internal bool HasKept(T written, T answered) =>
        StatusOf(written) is not { } wanted
        || (StatusOf(answered) is { } got && wanted.All(member => JsonNode.DeepEquals(member.Value, got[member.Key])));

    private JsonObject? StatusOf(T record) => JsonSerializer.SerializeToNode(record, json)!["status"]?.AsObject();
}
