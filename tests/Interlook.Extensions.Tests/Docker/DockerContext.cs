using Interlook.Configuration;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>Makes Docker extensions the way the host does: from texts, through the schema.</summary>
internal static class DockerContext
{
    internal static ExtensionContext For(string name, TimeProvider? time = null) => TestContexts.Create(name, time: time);

    /// <summary>Assigns settings, each key with its texts.</summary>
    internal static TOptions Options<TOptions>(SettingsSchema<TOptions> schema, params (string Key, string Text)[] settings)
        where TOptions : class, new()
    {
        var options = schema.CreateOptions();
        foreach (var same in settings.GroupBy(setting => setting.Key))
        {
            var setting = schema.Find(same.Key) ?? throw new ArgumentException($"no setting {same.Key}");
            if (setting.Assign(options, [.. same.Select(one => one.Text)]) is { } problem)
                throw new FormatException($"{same.Key} {problem}");
        }
        return (TOptions)options;
    }
}
