using System.Globalization;
using System.Net;
using Interlook.Collections;
using Interlook.Configuration;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>What the labels of a container or a Swarm service ask for. Immutable.</summary>
internal sealed record PublicationLabels
{
    internal const string Hosts = "interlook.hosts";
    internal const string Host = "interlook.host";
    internal const string PortLabel = "interlook.port";
    private const string SslLabel = "interlook.ssl";
    internal const string ServiceLabel = "interlook.service";
    private const string WeightLabel = "interlook.weight";
    internal const string IpLabel = "interlook.ip";
    private const int ShownLength = 80;
    private const int ProblemLength = 250;

    internal EquatableArray<string> DnsNames { get; private init; }

    /// <summary>The port inside the container; null when the labels leave it open.</summary>
    internal int? Port { get; private init; }

    internal bool Tls { get; private init; }

    internal IPAddress? PublicIp { get; private init; }

    internal int Weight { get; private init; } = 1;

    /// <summary>The name that the labels give the service; null when they leave it open.</summary>
    internal string? Service { get; private init; }

    /// <summary>True when the labels ask for publication at all.</summary>
    internal static bool Ask(IReadOnlyDictionary<string, string> labels) => labels.ContainsKey(Hosts) || labels.ContainsKey(Host);

    /// <summary>The name that the labels give the service, whatever the other labels say; null when they leave it open.</summary>
    internal static string? ServiceOf(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(ServiceLabel)?.Trim();

    /// <summary>Reads the labels.</summary>
    /// <exception cref="FormatException">One of them cannot be used; the message is a sentence that names it.</exception>
    internal static PublicationLabels Read(IReadOnlyDictionary<string, string> labels) => new()
    {
        DnsNames = ReadHosts(labels),
        Port = ReadLabel<int?>(labels, PortLabel, null, text => SettingReaders.Port(text)),
        Tls = ReadLabel(labels, SslLabel, false, SettingReaders.Flag),
        PublicIp = ReadLabel<IPAddress?>(labels, IpLabel, null, SettingReaders.Address),
        Weight = ReadLabel(labels, WeightLabel, 1, text => SettingReaders.Number(text, 0, Target.MaxWeight)),
        Service = ReadLabel<string?>(labels, ServiceLabel, null, ReadServiceName),
    };

    /// <summary>Cuts a text that a user wrote to a length that a log line bears.</summary>
    internal static string Shown(string text, int length = ShownLength)
    {
        var cut = text.Length <= length ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length)}… ({text.Length} characters)");
        return string.Concat(cut.Select(character => char.IsControl(character) ? '\uFFFD' : character));
    }

    private static EquatableArray<string> ReadHosts(IReadOnlyDictionary<string, string> labels)
    {
        var names = new List<string>();
        foreach (var label in new[] { Hosts, Host })
        {
            if (!labels.TryGetValue(label, out var text))
                continue;
            foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!HostName.TryNormalize(item, out var name, out var problem))
                    throw new FormatException($"label {label}: host name '{Shown(item)}' {Shown(problem, ProblemLength)}");
                names.Add(name);
            }
        }
        return names.Count > 0
            ? [.. names]
            : throw new FormatException($"label {Hosts} is empty: write the host names, separated by commas");
    }

    private static T ReadLabel<T>(IReadOnlyDictionary<string, string> labels, string label, T absent, Func<string, T> read)
    {
        if (!labels.TryGetValue(label, out var text))
            return absent;
        try
        {
            return read(text.Trim());
        }
        catch (FormatException problem)
        {
            throw new FormatException($"label {label} {Shown(problem.Message, ProblemLength)}");
        }
    }

    private static string ReadServiceName(string text) =>
        ServiceName.IsValid(text, out var problem) ? text : throw new FormatException(problem);
}
