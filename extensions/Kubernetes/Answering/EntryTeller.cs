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
    /// <summary>The digest of what was last told of each entry: where two are the same by chance, a courtesy is left out.</summary>
    private readonly Dictionary<ServiceKey, int> told = [];

    /// <summary>Reads along until stopped.</summary>
    internal async Task FollowAsync(IAsyncEnumerable<EntryNews> news, string provider, CancellationToken stopping)
    {
        await foreach (var (key, entry, isChange) in news)
        {
            if (entry is null)
                told.Remove(key);
            else if (entry.Desired.Provider == provider)
                await TellAsync(key, entry, isChange, stopping);
        }
    }

    private async Task TellAsync(ServiceKey key, Entry entry, bool isChange, CancellationToken stopping)
    {
        if (Announcement.Of(entry) is { } announcement && announcement.Digest is var digest && (!told.TryGetValue(key, out var last) || last != digest))
        {
            told[key] = digest;
            if (isChange) // what stood so before the start was told before it
                events.Say(key, announcement);
        }
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
