using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Interlook.Extensions.Connections;

/// <summary>
/// Reads JSON answers: first all of it, then at once. For short answers that is quicker than reading while they come; above all it needs little code that is
/// compiled while the program starts.
/// </summary>
internal static class JsonBody
{
    private const int Usual = 16 * 1024;

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">Whose body may be on its way still.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>Null when the answer is the word null.</returns>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static async Task<T?> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken stopping)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(stopping);
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(answer.Content.Headers.ContentLength + 1 ?? Usual, 1, Usual));
        await FillAsync(buffer, body, stopping);
        return JsonSerializer.Deserialize(buffer.WrittenSpan, type);
    }

    private static async Task FillAsync(ArrayBufferWriter<byte> buffer, Stream body, CancellationToken stopping)
    {
        int count;
        while ((count = await body.ReadAsync(buffer.GetMemory(), stopping)) > 0)
            buffer.Advance(count);
    }
}
