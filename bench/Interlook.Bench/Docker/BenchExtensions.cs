using Interlook.Extensions;
using Interlook.Extensions.FileStore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Bench.Docker;

/// <summary>Makes extensions as the host does: from texts, through their schema.</summary>
internal static class BenchExtensions
{
    public static T Create<T>(ExtensionCatalog catalog, string name, params (string Key, string Text)[] settings)
        where T : class, IExtension => Create<T>(catalog, new SharedParts(), name, settings);

    /// <summary>Makes one that shares parts with others of its product.</summary>
    public static T Create<T>(ExtensionCatalog catalog, SharedParts shared, string name, params (string Key, string Text)[] settings)
        where T : class, IExtension
    {
        var descriptor = catalog.Find(name) ?? throw new ArgumentException($"there is no extension {name}");
        var options = descriptor.Schema.CreateOptions();
        foreach (var (key, text) in settings)
        {
            var setting = descriptor.Schema.Find(key) ?? throw new ArgumentException($"{name} has no setting {key}");
            if (setting.Assign(options, [text]) is { } problem)
                throw new FormatException($"{key} {problem}");
        }
        return (T)descriptor.Create(options, new ExtensionContext
        {
            Name = name,
            Instance = "bench",
            Time = TimeProvider.System,
            Random = Random.Shared,
            Loggers = NullLoggerFactory.Instance,
            Stores = new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance),
            Shared = shared,
        });
    }
}
