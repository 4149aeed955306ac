using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>Says what a definition means in etcd. Pure: the same definition gives the same records, for ever.</summary>
internal sealed class RecordPlan
{
    private const int KeyDigits = 12;

    private const int LongestName = 253;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SkyDnsOptions options;
    private readonly string instance;

    internal RecordPlan(SkyDnsOptions options, string instance, string machine)
    {
        this.options = options;
        this.instance = instance;
        Host = options.Hostname ?? SkyDnsOptions.Label(machine);
        Root = options.Domain.Length == 0 ? $"/{options.Prefix}" : KeyOf(options.Domain);
    }

    /// <summary>What the last labels of our keys begin with.</summary>
    internal string Host { get; }

    /// <summary>The key below which all our records are.</summary>
    internal string Root { get; }

    /// <summary>True when a mark is that of this Interlook on this host.</summary>
    internal bool IsOurs(RecordMark? mark) => mark is { } known && known.Instance == instance && known.Host == Host;

    /// <summary>True when a mark is ours and names this service.</summary>
    internal bool IsOf(ServiceKey key, RecordMark? mark) => IsOurs(mark) && mark!.Value.Key == key;

    /// <summary>What shall be in etcd for a definition: a record for each name and the public address, or else for each name and target.</summary>
    /// <exception cref="ExtensionException">A name or an address cannot be published.</exception>
    internal IReadOnlyList<SkyRecord> Of(ServiceKey key, ServiceDefinition definition)
    {
        var answers = definition.PublicIp is null ? TargetAnswers(key, definition) : [PublicAnswer(key, definition)];
        var records = new Dictionary<string, SkyRecord>(StringComparer.Ordinal);
        foreach (var asked in definition.DnsNames)
        {
            var name = Name(key, asked);
            foreach (var answer in answers)
            {
                var leaf = Leaf(key, answer);
                if (name.Length + 1 + leaf.Length > LongestName)
                    throw Refuse(key, asked, $"leaves no room for the label {leaf} that stands before it in SRV answers");
                var record = new SkyRecord(KeyOf($"{leaf}.{name}"), KeyOf(name), name, Value(key, name, answer));
                records.TryAdd(record.Key, record);
            }
        }
        return [.. records.Values];
    }

    /// <summary>The keys that a definition may have put into etcd, none for one that cannot be published.</summary>
    internal IEnumerable<string> Keys(ServiceKey key, ServiceDefinition definition)
    {
        try
        {
            return Of(key, definition).Select(record => record.Key);
        }
        catch (ExtensionException)
        {
            return []; // refused as a whole before anything was written
        }
    }

    private Answer PublicAnswer(ServiceKey key, ServiceDefinition definition)
    {
        var address = definition.PublicIp!;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0))
            throw new ExtensionException(Reason.Invalid, $"service {key} has the public address {address}, which names no host: lease another");
        return new(address.ToString(), definition.Tls ? options.HttpsPort : options.HttpPort, options.Weight, "");
    }

    /// <summary>A weight of 0 would be read as none given, which counts 100: such a target gets no record.</summary>
    private List<Answer> TargetAnswers(ServiceKey key, ServiceDefinition definition) =>
    [
        .. definition.Targets
            .Where(target => target.Weight > 0)
            .Select(target => new Answer(TargetHost(key, target), target.Port, options.Weight * target.Weight, target.Endpoint)),
    ];

    private static string TargetHost(ServiceKey key, Target target)
    {
        if (IPAddress.TryParse(target.Host, out var address))
            return address.ToString();
        return HostName.TryNormalize(target.Host, out var host, out var problem) && host[0] != '*'
            ? host
            : throw new ExtensionException(Reason.Invalid, $"service {key} has the target {target.Endpoint}, whose host DNS cannot name: it {problem ?? "begins with a wildcard"}");
    }

    private string Name(ServiceKey key, string asked)
    {
        if (!HostName.TryNormalize(asked, out var name, out var problem))
            throw Refuse(key, asked, problem);
        if (name[0] == '*')
            throw Refuse(key, asked, "is a wildcard, and CoreDNS takes a stored one for a plain label: list the names one by one");
        if (options.Domain.Length == 0)
            return name;
        if (name == options.Domain)
            throw Refuse(key, asked, "is the domain itself, whose answers are those of all names in it: choose a name within it");
        return name.EndsWith("." + options.Domain, StringComparison.Ordinal) ? name : $"{name}.{options.Domain}";
    }

    /// <summary>
    /// The last label: the host and a hash of service and target. It stays while the public address or a weight changes, so that the change
    /// is one write with no moment without an answer; and the same name on another host, or of another service, has another.
    /// </summary>
    private string Leaf(ServiceKey key, Answer answer)
    {
        if (options.LegacyKeys)
            return Host;
        var room = 63 - 1 - KeyDigits;
        var host = Host.Length > room ? Host[..room].TrimEnd('-') : Host;
        return $"{host}-{NameDigest.Hex($"{instance}\n{key.Path}\n{answer.Target}", KeyDigits)}";
    }

    private string Value(ServiceKey key, string name, Answer answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("host", answer.Host);
            json.WriteNumber("port", answer.Port);
            json.WriteNumber("priority", options.Priority);
            json.WriteNumber("weight", answer.Weight);
            json.WriteNumber("ttl", (int)options.Ttl.TotalSeconds); // without it some readers take the lease's number for a time
            if (!options.LegacyKeys)
                json.WriteString("group", name); // keeps names below this one out of its answers
            new RecordMark(instance, Host, key).Write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private string KeyOf(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"/{options.Prefix}/{string.Join('/', name.Split('.').Reverse())}");

    private static ExtensionException Refuse(ServiceKey key, string name, string problem) =>
        new(Reason.Invalid, $"service {key} asks for a name that cannot be published in etcd: '{name}' {problem}");

    /// <summary>What a record says.</summary>
    /// <param name="Host">Address or name.</param>
    /// <param name="Port">The port.</param>
    /// <param name="Weight">The share.</param>
    /// <param name="Target">What tells it from the service's other answers.</param>
    private readonly record struct Answer(string Host, int Port, int Weight, string Target);
}
