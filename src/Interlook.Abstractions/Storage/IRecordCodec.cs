using System.Text.Json;

namespace Interlook.Storage;

/// <summary>How one kind of record looks in JSON. Stateless and safe for concurrent use.</summary>
public interface IRecordCodec<T>
    where T : class
{
    /// <summary>What the records are called in error messages and in the document: <c>entries</c>, <c>leases</c>.</summary>
    string Plural { get; }

    /// <summary>Writes a record as one JSON value.</summary>
    void Write(Utf8JsonWriter json, T value);

    /// <summary>Reads one JSON value, leaving the reader on its last token.</summary>
    /// <param name="key">The record's key.</param>
    /// <param name="json">Stands on the value's first token.</param>
    /// <exception cref="JsonException">The value is not such a record; the message says what is wrong.</exception>
    T Read(string key, ref Utf8JsonReader json);

    /// <summary>Reads a whole document of an earlier system, if this is one.</summary>
    /// <param name="document">The file's root value, which has no format version.</param>
    /// <returns>Its records by key, or null when it is not a document of the earlier system.</returns>
    /// <exception cref="JsonException">It is one, and it is damaged.</exception>
    IReadOnlyDictionary<string, T>? ReadEarlier(JsonElement document);
}
