using System.Collections.Immutable;
using Interlook.Engine;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Extensions.FileStore;
using Interlook.Host.Configuration;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Storage;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Running;

/// <summary>Makes the engine's parts from a configuration.</summary>
/// <param name="configuration">What was read and found good.</param>
/// <param name="catalog">The extensions that there are.</param>
/// <param name="loggers">Makes loggers.</param>
/// <param name="time">The only clock.</param>
/// <param name="isReadOnly">True makes extensions that only look.</param>
internal sealed class EngineAssembly(
    InterlookConfiguration configuration, ExtensionCatalog catalog, ILoggerFactory loggers, TimeProvider time, bool isReadOnly = false)
{
    /// <summary>Opens the entries. Those of the earlier system belong to its one workflow, which is the default one here.</summary>
    internal IRecordStore<Entry> OpenEntries(IRecordStores stores)
    {
        var main = configuration.Workflows[0];
        return stores.Open(configuration.Core.FlowEntriesFile, new EntryCodec(main.Provider, main.Steps, new StepNames(catalog).Canonical));
    }

    /// <summary>Makes the parts; nothing of them is started.</summary>
    internal EngineParts Make(IRecordStores stores, IRecordStore<Entry> entries, IRecordStore<EntryHistory>? histories)
    {
        // A provider that no workflow names would publish into nothing; a provisioner may have traces of an earlier workflow to take back.
        var providers = configuration.Workflows.Select(workflow => workflow.Provider).ToHashSet(StringComparer.Ordinal);
        var shared = new SharedParts();
        var made = configuration.Extensions
            .Where(section => !catalog.Find(section.Key)!.IsProvider || providers.Contains(section.Key))
            .ToDictionary(section => section.Key, section => Make(section.Key, section.Value, stores, shared));
        return new EngineParts
        {
            Workflows = configuration.Workflows,
            Providers = Only<IProvider>(made),
            Provisioners = Only<IProvisioner>(made),
            Store = entries,
            Histories = histories,
            Time = time,
            Random = Random.Shared,
            Loggers = loggers,
        };
    }

    private IExtension Make(string name, object options, IRecordStores stores, SharedParts shared) => catalog.Find(name)!.Create(options, new ExtensionContext
    {
        Name = name,
        Instance = configuration.Core.Instance,
        IsReadOnly = isReadOnly,
        Time = time,
        Random = Random.Shared,
        Loggers = loggers,
        Stores = stores,
        Shared = shared,
    });

    private static ImmutableDictionary<string, T> Only<T>(IReadOnlyDictionary<string, IExtension> extensions)
        where T : class, IExtension =>
        extensions.Where(extension => extension.Value is T).ToImmutableDictionary(extension => extension.Key, extension => (T)extension.Value);
}
