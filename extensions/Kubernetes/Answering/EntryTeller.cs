using Interlook.Entries;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>Tells on the platform's own objects how their entries fare: as a condition, and as Events. One stream at a time.</summary>
/// <param name="translation">What conditions say.</param>
/// <param name="keeper">Writes conditions.</param>
/// <param name="events">Writes Events.</param>
/// <param name="logger">Says what was not written.</param>
internal sealed partial class EntryTeller(StatusTranslation translation, StatusKeeper keeper, EventWriter events, ILogger logger)
{
    /// <summary>Reads along until stopped.</summary>
    internal async Task FollowAsync(IAsyncEnumerable<EntryNews> news, string provider, CancellationToken stopping)
    {
        await foreach (var (key, entry, isChange) in news)
        {
            if (entry is null)
                events.Forget(key);
            else if (entry.Desired.Provider == provider)
            {
                events.Tell(entry, isChange);
                await WriteConditionAsync(key, entry, stopping);
            }
        }
    }

    private async Task WriteConditionAsync(ServiceKey key, Entry entry, CancellationToken stopping)
    {
        if (translation.Of(entry) is not { } wanted)
            return;
        try
        {
            await keeper.SetAsync(key, wanted, stopping);
        }
        catch (ExtensionException failure)
        {
            Log.NotTold(logger, key, failure.Message); // the next change of the entry tries again
        }
    }
}
