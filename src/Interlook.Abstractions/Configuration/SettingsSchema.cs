using System.Collections.Immutable;

namespace Interlook.Configuration;

/// <summary>The settings of one section: a table from which the host reads, checks and documents them. Immutable.</summary>
public abstract class SettingsSchema
{
    private protected SettingsSchema(ImmutableArray<Setting> settings) => Settings = settings;

    /// <summary>The settings, in the order of the reference.</summary>
    public ImmutableArray<Setting> Settings { get; }

    /// <summary>A schema without settings, to which calls add them.</summary>
    public static SettingsSchema<TOptions> For<TOptions>()
        where TOptions : class, new() => new([], []);

    /// <summary>New options, every setting at its default.</summary>
    public abstract object CreateOptions();

    /// <summary>Checks the rules across settings, after every setting was assigned.</summary>
    public abstract IEnumerable<SettingProblem> Check(object options);

    /// <summary>Finds a setting by name or alias, without regard to case.</summary>
    public Setting? Find(string name) => Settings.FirstOrDefault(setting =>
        setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        || setting.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}
