using System.Globalization;
using System.Net;
using Interlook.Collections;
using Interlook.Configuration;

namespace Interlook.Services;

/// <summary>
/// What an object of a platform asks for in its labels, or whatever a platform has in their place: the same keys and the same meaning for all
/// providers. Immutable.
/// </summary>
public sealed record PublicationLabels
{
    /// <summary>The host names, separated by commas. An object without them asks for nothing.</summary>
    public const string Hosts = "interlook.hosts";

    /// <summary>The same as <see cref="Hosts"/>; both together are joined.</summary>
    public const string Host = "interlook.host";

    /// <summary>The port that gets the traffic.</summary>
    public const string PortLabel = "interlook.port";

    /// <summary>Whether the targets speak TLS.</summary>
    public const string SslLabel = "interlook.ssl";

    /// <summary>The published service's name, where the object's own shall not be it.</summary>
    public const string ServiceLabel = "interlook.service";

    /// <summary>The weight of the object's targets.</summary>
    public const string WeightLabel = "interlook.weight";

    /// <summary>The public address that the service asks for.</summary>
    public const string IpLabel = "interlook.ip";

    private const int ShownLength = 80;
    private const int ProblemLength = 250;

    /// <summary>Canonical host names; at least one, unless the reader was told that there may be none.</summary>
    public EquatableArray<string> DnsNames { get; private init; }

    /// <summary>The port that gets the traffic; null when the labels leave it open.</summary>
    public int? Port { get; private init; }

    /// <summary>True when the targets speak TLS.</summary>
    public bool Tls { get; private init; }

    /// <summary>The public address asked for; null when any will do.</summary>
    public IPAddress? PublicIp { get; private init; }

    /// <summary>The weight asked for; null when the labels leave it open.</summary>
    public int? Weight { get; private init; }

    /// <summary>The name that the labels give the service; null when they leave it open.</summary>
    public string? Service { get; private init; }

    /// <summary>True when the labels ask for publication at all.</summary>
    public static bool Ask(IReadOnlyDictionary<string, string> labels) => labels.ContainsKey(Hosts) || labels.ContainsKey(Host);

    /// <summary>The name that the labels give the service, whatever the other labels say; null when they leave it open.</summary>
    public static string? ServiceOf(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(ServiceLabel)?.Trim();

    /// <summary>Reads the labels.</summary>
    /// <param name="labels">By their keys as they are written here.</param>
    /// <param name="called">What the platform's users call a label, for messages; <c>label KEY</c> when not given.</param>
    /// <param name="mayLackHosts">True for an object that is published whether it names hosts or not.</param>
    /// <exception cref="FormatException">One of them cannot be used; the message is a sentence that names it.</exception>
    public static PublicationLabels Read(
        IReadOnlyDictionary<string, string> labels, Func<string, string>? called = null, bool mayLackHosts = false)
    {
        called ??= label => $"label {label}";
        return new()
        {
            DnsNames = mayLackHosts && !Ask(labels) ? [] : ReadHosts(labels, called),
            Port = ReadLabel<int?>(labels, PortLabel, null, text => SettingReaders.Port(text), called),
            Tls = ReadLabel(labels, SslLabel, false, SettingReaders.Flag, called),
            PublicIp = ReadLabel<IPAddress?>(labels, IpLabel, null, SettingReaders.Address, called),
            Weight = ReadLabel<int?>(labels, WeightLabel, null, text => SettingReaders.Number(text, 0, Target.MaxWeight), called),
            Service = ReadLabel<string?>(labels, ServiceLabel, null, ReadServiceName, called),
        };
    }

    /// <summary>Cuts a text that a user wrote to a length that a log line bears, and takes out what would break the line.</summary>
    public static string Shown(string text, int length = ShownLength)
    {
        var cut = text.Length <= length ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length)}… ({text.Length} characters)");
        return string.Concat(cut.Select(character => char.IsControl(character) ? '\uFFFD' : character));
    }

    private static EquatableArray<string> ReadHosts(IReadOnlyDictionary<string, string> labels, Func<string, string> called)
    {
        var names = new List<string>();
        foreach (var label in new[] { Hosts, Host })
        {
            if (!labels.TryGetValue(label, out var text))
                continue;
            foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!HostName.TryNormalize(item, out var name, out var problem))
                    throw new FormatException($"{called(label)}: host name '{Shown(item)}' {Shown(problem, ProblemLength)}");
                names.Add(name);
            }
        }
        return names.Count > 0
            ? [.. names]
            : throw new FormatException($"{called(Hosts)} is empty: write the host names, separated by commas");
    }

    private static T ReadLabel<T>(IReadOnlyDictionary<string, string> labels, string label, T absent, Func<string, T> read, Func<string, string> called)
    {
        if (!labels.TryGetValue(label, out var text))
            return absent;
        try
        {
            return read(text.Trim());
        }
        catch (FormatException problem)
        {
            throw new FormatException($"{called(label)} {Shown(problem.Message, ProblemLength)}");
        }
    }

    private static string ReadServiceName(string text) =>
        ServiceName.IsValid(text, out var problem) ? text : throw new FormatException(problem);
}
