using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Interlook.Collections;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.HAProxy;

/// <summary>From definitions to HAProxy's words. Pure.</summary>
internal sealed class HAProxyTranslation(HAProxyOptions options, string instance)
{
    private const int LongestSlug = 48;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>The <c>defaults</c> section that every section of ours names, so that foreign defaults never reach them.</summary>
    public string DefaultsName { get; } = $"interlook_defaults_{instance}";

    /// <summary>What a definition looks like in the file.</summary>
    /// <exception cref="ExtensionException">The definition lacks an address or holds what HAProxy cannot be told.</exception>
    public ServiceSection Section(ServiceKey key, ServiceDefinition definition)
    {
        if (!ServiceName.IsValid(key.Service, out var problem))
            throw Invalid(key, $"its name {problem}");
        if (Uri.UnescapeDataString(Uri.EscapeDataString(key.Path)) != key.Path)
            throw Invalid(key, "its name holds half a surrogate pair, which no file can hold");
        var bind = Bind(key, definition);
        var name = ProxyName(instance, key);
        return new ServiceSection
        {
            Key = key,
            Name = name,
            Frame = Frame(name, bind),
            Servers = definition.Targets.Select(target => Server(key, target)).ToEquatableArray(),
        };
    }

    /// <summary>A name of safe characters, readable at its head and unique by its tail, also among Interlooks that share a HAProxy.</summary>
    public static string ProxyName(string instance, ServiceKey key)
    {
        var path = key.Workflow == ServiceKey.DefaultWorkflow ? key.Service : key.Path;
        var slug = new StringBuilder(LongestSlug);
        foreach (var character in path.AsSpan(0, Math.Min(path.Length, LongestSlug)))
            slug.Append(NameCharacters.Contains(character) ? character : '_');
        return $"il_{slug}_{NameDigest.Hex($"{instance}/{key.Path}", 12)}";
    }

    /// <summary>What dynamic servers must be told because they inherit nothing (management guide 9.3, add server).</summary>
    public string CheckKeywords => options.Check
        ? string.Create(CultureInfo.InvariantCulture, $" check inter {(long)options.CheckInterval.TotalMilliseconds}ms rise {options.Rise} fall {options.Fall}")
        : "";

    /// <summary>The sections that stand in the file whatever services there are.</summary>
    /// <param name="fileProxy">The name of the proxy that tells which revision of the file runs.</param>
    /// <param name="socket">Where it listens: HAProxy does not start without any listener (exit 2).</param>
    public string Preamble(string fileProxy, string socket) => string.Create(CultureInfo.InvariantCulture, $"""
        defaults {DefaultsName}
            mode tcp
            timeout connect {(long)options.ConnectTimeout.TotalMilliseconds}ms
            timeout client {(long)options.IdleTimeout.TotalMilliseconds}ms
            timeout server {(long)options.IdleTimeout.TotalMilliseconds}ms
        listen {fileProxy} from {DefaultsName}
            mode http
            bind "unix@{Quoted(socket)}" mode 600
            http-request return status 200
            server revision 127.0.0.1:1 disabled

        """);

    private string Frame(string name, IPEndPoint bind)
    {
        var frame = new StringBuilder();
        frame.Append(CultureInfo.InvariantCulture, $"listen {name} from {DefaultsName}\n");
        frame.Append(CultureInfo.InvariantCulture, $"    bind {bind}{(options.Transparent ? " transparent" : "")}\n");
        frame.Append(CultureInfo.InvariantCulture, $"    balance {options.Balance}\n");
        if (options.Balance == "source")
            frame.Append("    hash-type consistent\n");
        frame.Append(CultureInfo.InvariantCulture, $"    default-server{CheckKeywords} init-addr last,libc,none\n");
        return frame.ToString();
    }

    private IPEndPoint Bind(ServiceKey key, ServiceDefinition definition) => definition.PublicIp switch
    {
        null => throw Invalid(key, "it has no public address; an address step such as ipam.ipalloc must come before lb.haproxy in the workflow"),
        var ip when ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) =>
            throw Invalid(key, $"its public address {ip} means every address of the host; give it one of its own"),
        { IsIPv6LinkLocal: true } ip => throw Invalid(key, $"its public address {ip} is link-local; HAProxy needs one that is routed"),
        var ip => new IPEndPoint(ip, definition.Tls ? options.HttpsPort : options.HttpPort),
    };

    private static ServerLine Server(ServiceKey key, Target target)
    {
        var isAddress = IPAddress.TryParse(target.Host, out var address) && !target.Host.Contains('%', StringComparison.Ordinal);
        if (!isAddress && (target.Host.Length is 0 or > 253 || target.Host.AsSpan().ContainsAnyExcept(NameCharacters)))
            throw Invalid(key, $"its target '{Shortened(target.Host)}' is neither an address nor a host name");
        if (target.Port is < 1 or > 65535 || target.Weight is < 0 or > Target.MaxWeight)
            throw Invalid(key, $"its target {target.Endpoint} has port {target.Port} and weight {target.Weight}; ports go from 1 to 65535, weights from 0 to {Target.MaxWeight}");
        var host = isAddress ? address!.ToString() : target.Host;
        return new ServerLine(string.Create(CultureInfo.InvariantCulture, $"{host}:{target.Port}"), host, target.Port, target.Weight);
    }

    private static string Quoted(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);

    private static string Shortened(string text) =>
        string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '�' : c)) + (text.Length <= 80 ? "" : $"… ({text.Length} characters)");

    private static ExtensionException Invalid(ServiceKey key, string what) =>
        new(Reason.Invalid, $"service '{Shortened(key.ToString())}' cannot be configured in HAProxy: {what}");
}
