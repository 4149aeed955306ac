using Interlook.Extensions;
using Interlook.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interlook.Specification;

/// <summary>Makes the context that the host would hand to an extension.</summary>
public static class TestContexts
{
    private static readonly AsyncLocal<bool> OnlyLooks = new();

    /// <summary>Makes something with contexts that only look.</summary>
    /// <param name="make">Makes it; contexts that it creates meanwhile are such.</param>
    public static T Looking<T>(Func<T> make)
    {
        OnlyLooks.Value = true;
        try
        {
            return make();
        }
        finally
        {
            OnlyLooks.Value = false;
        }
    }

    /// <summary>A context whose parts are harmless unless given: no logs, records in memory, a fixed seed, the system's clock.</summary>
    /// <param name="name">The extension's full name.</param>
    /// <param name="instance">Who we are in ownership marks.</param>
    /// <param name="time">The clock; a <see cref="ManualTimeProvider"/> where the test is about time.</param>
    /// <param name="stores">Its records; hand the same one to a second context to show a restart.</param>
    /// <param name="loggers">Where its logs go.</param>
    /// <param name="seed">Where its chance begins.</param>
    public static ExtensionContext Create(
        string name,
        string instance = "test",
        TimeProvider? time = null,
        IRecordStores? stores = null,
        ILoggerFactory? loggers = null,
        int seed = 1) => new()
        {
            Name = name,
            Instance = instance,
            IsReadOnly = OnlyLooks.Value,
            Time = time ?? TimeProvider.System,
            Random = new Random(seed),
            Loggers = loggers ?? NullLoggerFactory.Instance,
            Stores = stores ?? new InMemoryRecordStores(),
        };
}
