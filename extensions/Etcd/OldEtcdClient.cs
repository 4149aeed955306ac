using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Interlook.Extensions.Etcd.Calls;
using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd;

/// <summary>Speaks etcd v2: one method a call, no decisions. Safe for concurrent use.</summary>
internal sealed class OldEtcdClient(EtcdTransport transport, EtcdConnectionOptions options)
{
    private readonly AuthenticationHeaderValue? login = options.Username is null
        ? null
        : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password?.Reveal()}")));

    /// <summary>Reads a key, and with <paramref name="recursive"/> everything below it; asks the majority, for a member that lags shows what was.</summary>
    internal Task<OldEtcdAnswer> ReadAsync(string key, bool recursive, CancellationToken stopping) =>
        SendAsync(HttpMethod.Get, $"{key}?quorum=true&recursive={(recursive ? "true" : "false")}", null, $"reading {key}", stopping);

    /// <summary>Writes a key that is at this index, or with null one that must not be there.</summary>
    internal Task<OldEtcdAnswer> WriteAsync(string key, string value, TimeSpan ttl, long? index, CancellationToken stopping) =>
        SendAsync(
            HttpMethod.Put, $"{key}?{(index is { } known ? Invariant($"prevIndex={known}") : "prevExist=false")}",
            [new("value", value), new("ttl", Invariant($"{(long)ttl.TotalSeconds}"))], $"writing {key}", stopping);

    /// <summary>Removes a key that is at this index.</summary>
    internal Task<OldEtcdAnswer> RemoveAsync(string key, long index, CancellationToken stopping) =>
        SendAsync(HttpMethod.Delete, Invariant($"{key}?prevIndex={index}"), null, $"removing {key}", stopping);

    private async Task<OldEtcdAnswer> SendAsync(
        HttpMethod method, string path, KeyValuePair<string, string>[]? form, string attempt, CancellationToken stopping)
    {
        var what = $"{transport.Called}: {attempt} failed";
        var answer = await transport.SendAsync(
            root => new(method, $"{root}/v2/keys{path}")
            {
                Headers = { Authorization = login },
                Content = form is null ? null : new FormUrlEncodedContent(form),
            },
            attempt, isStream: false, stopping);
        var read = Read(answer, what);
        return read.ErrorCode switch
        {
            _ when answer.IsSuccess => new(0, read.Node, answer.Index),
            WireNodeAnswer.KeyNotFound or WireNodeAnswer.CompareFailed or WireNodeAnswer.NotAFile or WireNodeAnswer.NotADirectory
                or WireNodeAnswer.KeyExists => new(read.ErrorCode, null, answer.Index),
            WireNodeAnswer.NeedsAuthentication => throw new ExtensionException(
                Reason.Unauthorized, $"{what}: {read.Message}; give username and passwordFile of a user who may read and write below the prefix"),
            _ => throw EtcdFault.Of(answer, read.Message is null ? null : $"{read.Message} {read.Cause}".TrimEnd(), what),
        };
    }

    /// <summary>An error may come as plain text: where there is no v2, or something else answers.</summary>
    private static WireNodeAnswer Read(EtcdAnswer answer, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, OldEtcdJson.Default.WireNodeAnswer) ?? new();
        }
        catch (JsonException failure)
        {
            return answer.Status is HttpStatusCode.OK or HttpStatusCode.Created ? throw EtcdFault.Malformed(failure, what) : new();
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
