using Interlook.Api.Naming;
using Interlook.Engine;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Api.Live;

/// <summary>Under which names a client must be told of changed keys, and what stands under each name now.</summary>
internal static class ChangedNames
{
    /// <summary>The names, each once; null for one that no entry has any more.</summary>
    public static Dictionary<string, Entry?> Of(ReadOnlySpan<ServiceKey> keys, IEngine engine)
    {
        var names = new Dictionary<string, Entry?>(keys.Length, StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var entry = engine.Find(key);
            Say(names, EntryNames.Of(key, engine), entry);

            // A service of the default workflow whose name reads like this entry's is shown under another name while this entry is there.
            var namesake = new ServiceKey(ServiceKey.DefaultWorkflow, key.Path);
            if (engine.Find(namesake) is { } other)
                Say(names, EntryNames.Of(namesake, engine), other);
            if (entry is null)
                Say(names, namesake.Path, null);
        }
        return names;
    }

    private static void Say(Dictionary<string, Entry?> names, string name, Entry? entry)
    {
        if (entry is not null || !names.ContainsKey(name))
            names[name] = entry;
    }
}
