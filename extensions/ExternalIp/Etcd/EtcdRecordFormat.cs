using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Etcd.Wire;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Etcd;

/// <summary>How the records of one kind stand in etcd. Pure but for a word in the log.</summary>
/// <param name="system">For messages: <c>etcd at http://127.0.0.1:2379</c>.</param>
/// <param name="root">What their keys begin with, a slash at its end.</param>
/// <param name="type">Their JSON.</param>
/// <param name="nameOf">A record's name.</param>
/// <param name="logger">Where to tell of records that cannot be read.</param>
internal sealed partial class EtcdRecordFormat<T>(string system, string root, JsonTypeInfo<T> type, Func<T, string> nameOf, ILogger logger)
    where T : class
{
    /// <summary>For messages.</summary>
    internal string System => system;

    /// <summary>What the keys begin with.</summary>
    internal string Root => root;

    /// <summary>The first key of all.</summary>
    internal byte[] First { get; } = Encoding.UTF8.GetBytes(root);

    /// <summary>The first key that is none of them: '0' follows '/'.</summary>
    internal byte[] End { get; } = Encoding.UTF8.GetBytes(root[..^1] + "0");

    internal byte[] Key(string name) => Encoding.UTF8.GetBytes(root + name);

    internal string Name(T record) => nameOf(record);

    internal string Name(WireKeyValue stored) => Encoding.UTF8.GetString(stored.Key)[root.Length..];

    internal byte[] Write(T record) => JsonSerializer.SerializeToUtf8Bytes(record, type);

    /// <summary>
    /// Reads a record. One that is no record of this format is told in the log and left out: it is one name's trouble, and whoever wants that
    /// name finds it taken.
    /// </summary>
    internal StoredRecord<T>? Read(WireKeyValue stored)
    {
        try
        {
            if (JsonSerializer.Deserialize(stored.Value, type) is { } record && nameOf(record) == Name(stored))
                return new(new Revision(stored.ModRevision), record);
            Log.NotARecord(logger, system, root + Name(stored), "its name is not that of its key");
        }
        catch (JsonException problem)
        {
            Log.NotARecord(logger, system, root + Name(stored), problem.Message);
        }
        return null;
    }
}
