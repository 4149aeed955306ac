using System.Net.Sockets;
using System.Text.Json;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Reads the answer to a watch: a line of JSON for each event (Kubernetes API concepts, "Efficient detection of changes").</summary>
internal sealed class Watch<T>(HttpResponseMessage answer, Stream stream, ResourceKind<T> kind, ApiRequest request, ApiFault fault) : IWatch<T>
    where T : KubernetesObject
{
    /// <summary>An object of etcd's usual limit is 1.5 MiB.</summary>
    private const int LongestLine = 64 << 20;

    private readonly LineReader lines = new(stream, LongestLine);

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(List<WatchEvent<T>> events, CancellationToken stopping)
    {
        var before = events.Count;
        try
        {
            while (true)
            {
                while (lines.TryTake(out var line))
                    Take(line, events);
                if (events.Count > before)
                    return true;
                if (!await lines.FillAsync(stopping))
                    return lines.IsCut ? throw BrokenOff(null) : false;
            }
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or SocketException)
        {
            stopping.ThrowIfCancellationRequested(); // a stream that we end may say so in its own words
            throw BrokenOff(failure);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException)
        {
            throw fault.Malformed(request, "what came is no watch", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => answer.Dispose();

    private void Take(ReadOnlySpan<byte> line, List<WatchEvent<T>> events)
    {
        if (line.IsEmpty)
            return;
        switch (Split(line, out var json))
        {
            case "ADDED" or "MODIFIED":
                events.Add(kind.Read(json, out var broken) is { } value ? new WatchEvent<T>.Present(value) : new WatchEvent<T>.Unreadable(broken!));
                break;
            case "DELETED":
                var gone = kind.ReadMetadata(json);
                events.Add(gone.Name == ""
                    ? throw new JsonException("an object that is gone has no name")
                    : new WatchEvent<T>.Gone(new(gone.Namespace, gone.Name), gone.ResourceVersion));
                break;
            case "BOOKMARK":
                events.Add(new WatchEvent<T>.Bookmark(kind.ReadMetadata(json).ResourceVersion));
                break;
            case "ERROR":
                var status = ApiStatus.Read(json);
                events.Add(status is { Code: ApiStatus.Gone }
                    ? new WatchEvent<T>.Expired()
                    : throw fault.Of(status?.Code ?? 500, status, null, request));
                break;
        }
        // A type that is not known says nothing that could be lost: what it would mean for an object, its next event or the resync tells.
    }

    private static string Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        string? type = null;
        value = default;
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("an event is no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType)
                type = TypeOf(ref reader);
            var begin = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isObject)
                value = line[begin..(int)reader.BytesConsumed];
        }
        return type is not null && !value.IsEmpty ? type : throw new JsonException("an event has no type or no object");
    }

    private static string? TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? null
        : reader.ValueTextEquals("ADDED"u8) ? "ADDED"
        : reader.ValueTextEquals("MODIFIED"u8) ? "MODIFIED"
        : reader.GetString();

    private ExtensionException BrokenOff(Exception? cause) =>
        new(Reason.Unreachable, $"{fault.Describe(request)}: the connection broke off; {fault.Advice.Between}", innerException: cause);
}
