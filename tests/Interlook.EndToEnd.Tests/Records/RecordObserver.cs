using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Interlook.EndToEnd.Tests.Records;

/// <summary>
/// Looks at the records all the time, as a DNS server does that asks etcd, and remembers for how long a name had none while etcd answered,
/// and for how long etcd did not answer. Each stretch counts from the first look to the first one that found otherwise.
/// </summary>
internal sealed class RecordObserver : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource ending = new();
    private readonly HttpClient http;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Stretch> names = new(StringComparer.Ordinal);
    private readonly Stretch outage = new();
    private readonly Task looking;

    internal RecordObserver(Uri etcd)
    {
        http = new HttpClient { BaseAddress = etcd, Timeout = TimeSpan.FromSeconds(1) };
        looking = Task.Run(LookAsync);
    }

    /// <summary>The longest time for which etcd did not answer.</summary>
    internal TimeSpan Outage
    {
        get
        {
            lock (gate)
                return outage.Longest;
        }
    }

    /// <summary>From now on a name is to have a record.</summary>
    internal void Expect(string name)
    {
        lock (gate)
            names[name] = new Stretch();
    }

    /// <summary>The longest time for which an expected name had no record though etcd answered.</summary>
    internal TimeSpan Absence(string name)
    {
        lock (gate)
            return names[name].Longest;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await looking;
        http.Dispose();
        ending.Dispose();
    }

    private async Task LookAsync()
    {
        using var pace = new PeriodicTimer(Pace, TimeProvider.System);
        while (!ending.IsCancellationRequested)
        {
            var found = await ReadAsync();
            lock (gate)
            {
                outage.Take(found is null);
                foreach (var (name, stretch) in names)
                    stretch.Take(found is not null && !found.Contains(name));
            }
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>The names that have a record; null when etcd does not answer.</summary>
    private async Task<HashSet<string>?> ReadAsync()
    {
        try
        {
            using var request = new StringContent($$"""{"key":"{{Encode("/skydns/")}}","range_end":"{{Encode("/skydns0")}}","keys_only":true}""");
            using var answer = await http.PostAsync(new Uri("/v3/kv/range", UriKind.Relative), request, ending.Token);
            if (!answer.IsSuccessStatusCode)
                return null;
            var keys = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ending.Token))!["kvs"]?.AsArray() ?? [];
            return keys.Select(key => Encoding.UTF8.GetString(Convert.FromBase64String((string)key!["key"]!)).Split('/')[^2]).ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>How long something lasted without a break, at most.</summary>
    private sealed class Stretch
    {
        private long? since;

        internal TimeSpan Longest { get; private set; }

        internal void Take(bool lasts)
        {
            if (since is { } begun && Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed > Longest)
                Longest = elapsed;
            since = lasts ? since ?? Stopwatch.GetTimestamp() : null;
        }
    }
}
