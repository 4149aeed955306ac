using System.Buffers;
using System.Globalization;
using System.Net;
using Interlook.Collections;
using Interlook.Extensions.Kemp.Wire;
using Interlook.Services;

namespace Interlook.Extensions.Kemp;

/// <summary>From definitions to virtual services, and from the appliance's answers to them. Pure.</summary>
internal sealed class KempTranslation(KempOptions options, string instance)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>What a definition means on the appliance.</summary>
    /// <exception cref="ExtensionException">It lacks an address or holds what the appliance cannot be told.</exception>
    internal WantedService Of(ServiceKey key, ServiceDefinition definition)
    {
        if (Uri.UnescapeDataString(Uri.EscapeDataString(key.Path)) != key.Path)
            throw Invalid(key, "its name holds half a surrogate pair, which no nickname can hold");
        return new()
        {
            Key = key,
            Nickname = Nickname.Of(instance, key),
            Address = Address(key, definition),
            Port = definition.Tls ? options.HttpsPort : options.HttpPort,
            Settings = Settings(definition.Tls),
            Servers = definition.Targets.Select(target => Server(key, target)).ToEquatableArray(),
        };
    }

    /// <summary>The virtual service that a row of an answer describes.</summary>
    /// <returns>Null for a sub-virtual service, which has no place of its own.</returns>
    internal static VirtualService? Service(ReplyRow row)
    {
        if (row.Find("VSAddress") is not { Length: > 0 } address)
            return null;
        return new()
        {
            Index = row.Find("Index") ?? "?",
            Place = new(Canonical(address), row.Find("VSPort") ?? "", row.Find("Protocol") ?? ServicePlace.Tcp),
            Nickname = row.Find("NickName") ?? "",
            Elements = row.Elements,
            Servers = row.Servers.Select(Server).ToEquatableArray(),
            ServerCount = Number(row.Find("NumberOfRSs"), 0),
        };
    }

    private static RealServer Server(ReplyRow row) => new(
        Canonical(row.Find("Addr") ?? ""),
        row.Find("DnsName") ?? "",
        Number(row.Find("Port"), 0),
        Number(row.Find("Weight"), 1000),
        row.Find("Enable") is not "N",
        row.Find("Status") is "Down");

    private static int Number(string? text, int absent) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : absent;

    private static string Canonical(string address) => IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : address;

    /// <summary>TLS is passed through, so the type of such a service is one that does not look inside, and a check over HTTP is one over HTTPS.</summary>
    private EquatableArray<ServiceSetting> Settings(bool tls)
    {
        var settings = new List<ServiceSetting>
        {
            new("enable", "Enable", "Y"),
            new("vstype", "VStype", tls ? "gen" : options.VsType),
            new("schedule", "Schedule", options.Schedule),
            new("checktype", "CheckType", tls && options.CheckType == "http" ? "https" : options.CheckType),
            new("checkport", "CheckPort", options.CheckPort.ToString(CultureInfo.InvariantCulture), "0"),
            new("transparent", "Transparent", options.Transparent ? "Y" : "N", "N"),
            new("persist", "Persist", options.Persistence, "none"),
        };
        if (options.Persistence != "none")
            settings.Add(new("persisttimeout", "PersistTimeout", ((long)options.PersistenceTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture), "0"));
        return settings.ToEquatableArray();
    }

    private static IPAddress Address(ServiceKey key, ServiceDefinition definition) => definition.PublicIp switch
    {
        null => throw Invalid(key, "it has no public address; an address step such as ipam.ipalloc must come before lb.kemplm in the workflow"),
        var ip when ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) =>
            throw Invalid(key, $"its public address {ip} means every address; give it one of its own"),
        { IsIPv6LinkLocal: true } ip => throw Invalid(key, $"its public address {ip} is link-local; the appliance needs one that is routed"),
        var ip => ip,
    };

    private static WantedServer Server(ServiceKey key, Target target)
    {
        var isAddress = IPAddress.TryParse(target.Host, out var address) && !target.Host.Contains('%', StringComparison.Ordinal);
        if (!isAddress && (target.Host.Length is 0 or > 253 || target.Host.AsSpan().ContainsAnyExcept(NameCharacters)))
            throw Invalid(key, $"its target '{PublicationLabels.Shown(target.Host)}' is neither an address nor a host name");
        if (target.Port is < 3 or > 65530 || target.Weight is < 0 or > Target.MaxWeight)
        {
            throw Invalid(
                key,
                $"its target {target.Endpoint} has port {target.Port} and weight {target.Weight}; "
                + "the appliance takes ports from 3 to 65530, Interlook weights from 0 to 256");
        }
        return new(isAddress ? address!.ToString() : target.Host, target.Port, Math.Max(1, target.Weight), target.Weight > 0);
    }

    private static ExtensionException Invalid(ServiceKey key, string what) =>
        new(Reason.Invalid, $"service '{PublicationLabels.Shown(key.ToString())}' cannot be published by the LoadMaster: {what}");
}
