using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Interlook.Extensions.Connections;
using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd.Calls;

/// <summary>An open watch: one JSON document a line. Not for concurrent use.</summary>
/// <param name="answer">The open answer.</param>
/// <param name="attempt">What fails when it breaks, for messages.</param>
internal sealed class EtcdStream(HttpResponseMessage answer, string attempt) : IDisposable
{
    private StreamReader? reader;

    /// <summary>Waits for the next message.</summary>
    /// <returns>Null when the stream ended or broke off.</returns>
    /// <exception cref="ExtensionException">What came is not etcd's, or etcd says why it ends the stream.</exception>
    internal async Task<WireWatchMessage?> ReadAsync(CancellationToken stopping)
    {
        try
        {
            reader ??= new(await answer.Content.ReadAsStreamAsync(stopping), Encoding.UTF8);
            if (await reader.ReadLineAsync(stopping) is not { } line)
                return null;
            var message = JsonSerializer.Deserialize(line, EtcdJson.Default.WireWatchAnswer);
            return message?.Result ?? throw new ExtensionException(
                Reason.Unavailable, $"{attempt}: {HttpFailure.Shorten(message?.Error?.Message ?? "etcd ended the stream without a word")}; it may pass by itself");
        }
        catch (JsonException failure)
        {
            throw EtcdFault.Malformed(failure, attempt);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or SocketException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader?.Dispose();
        answer.Dispose();
    }
}
