using System.Text.Json;
using Interlook.Api.Answers;
using Interlook.Api.Exposition;
using Interlook.Engine;

namespace Interlook.Api.Live;

/// <summary>What every event stream says of the whole: looked at once a second at most, however many streams there are. Safe for concurrent use.</summary>
internal sealed class Overview(IEngine engine, ApiOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How old an overview may be.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly PoolGauge pools = new(engine);
    private byte[] latest = [];
    private long? read;

    /// <summary>The overview as JSON. The same array as long as nothing in it has changed.</summary>
    public byte[] Read()
    {
        lock (gate)
        {
            if (read is { } last && time.GetElapsedTime(last) < Age)
                return latest;
            read = time.GetTimestamp();
            var next = JsonSerializer.SerializeToUtf8Bytes(Answer(), ApiJson.Default.OverviewAnswer);
            if (!next.AsSpan().SequenceEqual(latest))
                latest = next;
            return latest;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pools.Dispose();

    private OverviewAnswer Answer() => new(
        engine.IsReady,
        VersionAnswer.Of(options.Version).Version,
        EntryCounts.Of(engine),
        [.. engine.Providers().Select(ProviderAnswer.Of)],
        [.. engine.Extensions().Select(ExtensionAnswer.Of)],
        pools.Read());
}
