using System.Collections.Immutable;

namespace Interlook.Configuration;

/// <summary>The settings of one section, written as a chain of calls. Immutable: every call returns a new schema.</summary>
/// <typeparam name="TOptions">A class whose new instance holds the defaults.</typeparam>
public sealed class SettingsSchema<TOptions> : SettingsSchema
    where TOptions : class, new()
{
    private readonly ImmutableArray<Func<TOptions, IEnumerable<SettingProblem>>> rules;

    internal SettingsSchema(ImmutableArray<Setting> settings, ImmutableArray<Func<TOptions, IEnumerable<SettingProblem>>> rules)
        : base(settings) => this.rules = rules;

    /// <inheritdoc/>
    public override object CreateOptions() => new TOptions();

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> Check(object options) => rules.SelectMany(rule => rule((TOptions)options));

    /// <summary>Adds a text.</summary>
    /// <param name="name">The key.</param>
    /// <param name="assign">Puts it into the options.</param>
    /// <param name="help">What it means.</param>
    /// <param name="shown">The default, as the reference shows it.</param>
    /// <param name="required">True when the section is useless without it.</param>
    /// <param name="aliases">Other keys with the same meaning.</param>
    public SettingsSchema<TOptions> Text(
        string name, Action<TOptions, string> assign, string help, string shown = "", bool required = false, params string[] aliases) =>
        Parsed(name, text => text, assign, help, SettingKind.Text, shown, "", required, aliases);

    /// <summary>Adds a text that a function of the extension reads.</summary>
    /// <param name="name">The key.</param>
    /// <param name="read">Gives the value; throws <see cref="FormatException"/> saying what is wrong.</param>
    /// <param name="assign">Puts it into the options.</param>
    /// <param name="help">What it means.</param>
    /// <param name="shown">The default, as the reference shows it.</param>
    /// <param name="allowed">The values allowed, as the reference shows them.</param>
    /// <param name="required">True when the section is useless without it.</param>
    /// <param name="aliases">Other keys with the same meaning.</param>
    public SettingsSchema<TOptions> Value<T>(
        string name, Func<string, T> read, Action<TOptions, T> assign, string help, string shown = "", string allowed = "",
        bool required = false, params string[] aliases) =>
        Parsed(name, read, assign, help, SettingKind.Text, shown, allowed, required, aliases);

    /// <summary>Adds a whole number.</summary>
    public SettingsSchema<TOptions> Number(
        string name, Action<TOptions, int> assign, string help, int min, int max, string shown = "", params string[] aliases) =>
        Parsed(name, text => SettingReaders.Number(text, min, max), assign, help, SettingKind.Number, shown, $"{min} to {max}", false, aliases);

    /// <summary>Adds a length of time.</summary>
    public SettingsSchema<TOptions> Duration(
        string name, Action<TOptions, TimeSpan> assign, string help, TimeSpan min, TimeSpan max, string shown = "", params string[] aliases) =>
        Parsed(
            name, text => SettingReaders.Duration(text, min, max), assign, help, SettingKind.Duration, shown,
            $"{SettingReaders.Show(min)} to {SettingReaders.Show(max)}", false, aliases);

    /// <summary>Adds a flag.</summary>
    public SettingsSchema<TOptions> Flag(
        string name, Action<TOptions, bool> assign, string help, string shown = "false", params string[] aliases) =>
        Parsed(name, SettingReaders.Flag, assign, help, SettingKind.Flag, shown, "true, false", false, aliases);

    /// <summary>Adds one of several words, matched without regard to case.</summary>
    public SettingsSchema<TOptions> Choice(
        string name, Action<TOptions, string> assign, string help, string shown, params string[] words) =>
        Parsed(name, text => SettingReaders.Choice(text, words), assign, help, SettingKind.Text, shown, string.Join(", ", words), false, []);

    /// <summary>Adds a list; a problem names the item.</summary>
    public SettingsSchema<TOptions> List<T>(
        string name, Func<string, T> read, Action<TOptions, IReadOnlyList<T>> assign, string help, string shown = "", params string[] aliases) =>
        With(new Setting
        {
            Name = name,
            Aliases = [.. aliases],
            Kind = SettingKind.List,
            Help = help,
            Default = shown,
            Assign = (options, texts) => SettingReaders.Report(() => assign((TOptions)options, [.. texts.Select(read)])),
        });

    /// <summary>Adds a secret, and the key <c>{name}File</c> for a file that holds it.</summary>
    /// <param name="name">The key.</param>
    /// <param name="assign">Puts it into the options.</param>
    /// <param name="help">What it means.</param>
    /// <param name="orFile">False leaves the second key out: for an extension that reads the file itself, again and again.</param>
    public SettingsSchema<TOptions> Secret(string name, Action<TOptions, Secret> assign, string help, bool orFile = true)
    {
        var schema = Parsed(name, SettingReaders.Secret, assign, help, SettingKind.Secret, "", "", false, []);
        return !orFile
            ? schema
            : schema.Parsed(
                name + "File", SettingReaders.Secret, assign,
                $"A file that holds `{name}`; read at start, a final line break is dropped.", SettingKind.SecretFile, "", "", false, []);
    }

    /// <summary>Adds a rule across settings.</summary>
    public SettingsSchema<TOptions> Rule(Func<TOptions, IEnumerable<SettingProblem>> rule) => new(Settings, rules.Add(rule));

    private SettingsSchema<TOptions> Parsed<T>(
        string name, Func<string, T> read, Action<TOptions, T> assign, string help, SettingKind kind, string shown, string allowed,
        bool required, string[] aliases) =>
        With(new Setting
        {
            Name = name,
            Aliases = [.. aliases],
            Kind = kind,
            Help = help,
            Default = shown,
            Allowed = allowed,
            Required = required,
            Assign = (options, texts) => SettingReaders.Report(() => assign((TOptions)options, read(texts[0]))),
        });

    private SettingsSchema<TOptions> With(Setting setting) => new(Settings.Add(setting), rules);
}
