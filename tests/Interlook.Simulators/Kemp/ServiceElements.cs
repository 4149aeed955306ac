using System.Globalization;
using System.Text.RegularExpressions;

namespace Interlook.Simulators.Kemp;

/// <summary>The elements of a virtual service: their order, their first values, and which parameters set them.</summary>
internal static partial class ServiceElements
{
    private static readonly string[] Types = ["gen", "http", "http2", "ts", "tls", "log"];

    private static readonly string[] Schedules = ["rr", "wrr", "lc", "wlc", "fixed", "adaptive", "sh", "dl", "sdn-adaptive", "uhash"];

    private static readonly string[] Checks =
    [
        "icmp", "tcp", "http", "https", "smtp", "nntp", "ftp", "telnet", "pop3", "imap", "rdp", "bdata", "ldap", "none",
    ];

    private static readonly string[] Opts = ["InterceptOpts", "OwaspOpts"];

    /// <summary>Name, first value and kind; an empty first value means that the element is left out until it is set.</summary>
    private static readonly (string Name, string First, ElementKind Kind)[] Described =
    [
        ("NickName", "", ElementKind.Text), ("Enable", "Y", ElementKind.Flag), ("SSLReverse", "N", ElementKind.Flag),
        ("SSLReencrypt", "N", ElementKind.Flag), ("InterceptMode", "0", ElementKind.Number), ("Intercept", "N", ElementKind.Flag),
        ("InterceptOpts", "opnormal auditrelevant reqdatadisable resdatadisable", ElementKind.Words), ("AlertThreshold", "0", ElementKind.Number),
        ("OwaspOpts", "opnormal auditnone reqdatadisable resdatadisable", ElementKind.Words), ("BlockingParanoia", "0", ElementKind.Number),
        ("IPReputationBlocking", "N", ElementKind.Flag), ("ExecutingParanoia", "0", ElementKind.Number),
        ("AnomalyScoringThreshold", "0", ElementKind.Number), ("PCRELimit", "0", ElementKind.Number), ("JSONDLimit", "0", ElementKind.Number),
        ("BodyLimit", "0", ElementKind.Number), ("Transactionlimit", "0", ElementKind.Number), ("Transparent", "N", ElementKind.Flag),
        ("SubnetOriginating", "Y", ElementKind.Flag), ("ServerInit", "0", ElementKind.Number), ("StartTLSMode", "0", ElementKind.Number),
        ("Idletime", "660", ElementKind.Number), ("Cache", "N", ElementKind.Flag), ("Compress", "N", ElementKind.Flag),
        ("Verify", "0", ElementKind.Number), ("UseforSnat", "N", ElementKind.Flag), ("ForceL4", "N", ElementKind.Flag),
        ("ForceL7", "Y", ElementKind.Flag), ("MultiConnect", "N", ElementKind.Flag), ("ClientCert", "0", ElementKind.Number),
        ("SecurityHeaderOptions", "0", ElementKind.Number), ("SameSite", "0", ElementKind.Number), ("VerifyBearer", "N", ElementKind.Flag),
        ("ErrorCode", "0", ElementKind.Text), ("CheckUse1.1", "N", ElementKind.Flag), ("MatchLen", "0", ElementKind.Number),
        ("CheckUseGet", "0", ElementKind.Number), ("DefaultGW", "", ElementKind.Text), ("SSLRewrite", "0", ElementKind.Text),
        ("VStype", "gen", ElementKind.Text), ("FollowVSID", "0", ElementKind.Number), ("Protocol", "tcp", ElementKind.Text),
        ("Schedule", "rr", ElementKind.Text), ("CheckType", "tcp", ElementKind.Text), ("Persist", "", ElementKind.Text),
        ("PersistTimeout", "0", ElementKind.Text), ("CheckPort", "0", ElementKind.Text), ("CheckHost", "", ElementKind.Text),
        ("CheckUrl", "", ElementKind.Text), ("CheckCodes", "", ElementKind.Text), ("HTTPReschedule", "N", ElementKind.Flag),
        ("NRules", "0", ElementKind.Number), ("NRequestRules", "0", ElementKind.Number), ("NResponseRules", "0", ElementKind.Number),
        ("NMatchBodyRules", "0", ElementKind.Number), ("NPreProcessRules", "0", ElementKind.Number), ("EspEnabled", "N", ElementKind.Flag),
        ("InputAuthMode", "0", ElementKind.Number), ("OutputAuthMode", "0", ElementKind.Number), ("MasterVS", "0", ElementKind.Number),
        ("MasterVSID", "0", ElementKind.Number), ("IsTransparent", "2", ElementKind.Number), ("AddVia", "0", ElementKind.Number),
        ("QoS", "0", ElementKind.Number), ("TlsType", "0", ElementKind.Text), ("NeedHostName", "N", ElementKind.Flag),
        ("OCSPVerify", "N", ElementKind.Flag), ("AllowHTTP2", "N", ElementKind.Flag), ("PassCipher", "N", ElementKind.Flag),
        ("PassSni", "N", ElementKind.Flag), ("ChkInterval", "0", ElementKind.Number), ("ChkTimeout", "0", ElementKind.Number),
        ("ChkRetryCount", "0", ElementKind.Number), ("Bandwidth", "0", ElementKind.Number), ("ConnsPerSecLimit", "0", ElementKind.Number),
        ("RequestsPerSecLimit", "0", ElementKind.Number), ("MaxConnsLimit", "0", ElementKind.Number), ("RefreshPersist", "N", ElementKind.Flag),
        ("ResponseStatusRemap", "N", ElementKind.Flag), ("ResponseRemapMsgFormat", "0", ElementKind.Number),
        ("EnhancedHealthChecks", "N", ElementKind.Flag), ("RsMinimum", "0", ElementKind.Number),
    ];

    /// <summary>The values of a service that was just made.</summary>
    internal static Dictionary<string, string> Fresh(string port, string protocol)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, first, _) in Described)
        {
            if (first != "")
                values[name] = first;
        }
        values["Protocol"] = protocol;
        if (port == "80")
            (values["VStype"], values["CheckType"]) = ("http", "http");
        if (protocol == "udp")
            (values["ForceL4"], values["ForceL7"], values["Transparent"], values["CheckType"]) = ("Y", "N", "Y", "icmp");
        return values;
    }

    /// <summary>What a command's parameters set, checked before anything is changed.</summary>
    internal static Dictionary<string, string> Read(Parameters parameters)
    {
        var set = new Dictionary<string, string>();
        void Take(string element, string? value)
        {
            if (value is not null)
                set[element] = value;
        }

        Take("NickName", Matching(parameters, "nickname", text => text == "" || Nickname().IsMatch(text)));
        foreach (var flag in new[] { "Enable", "Transparent", "SubnetOriginating" })
            Take(flag, Written(parameters.Flag(flag)));
        var layer = parameters.Flag("forcel7") ?? !parameters.Flag("forcel4");
        Take("ForceL7", Written(layer));
        Take("ForceL4", Written(!layer));
        Take("VStype", OneOf(parameters, "vstype", Types));
        Take("Schedule", OneOf(parameters, "schedule", Schedules));
        Take("CheckType", OneOf(parameters, "checktype", Checks));
        Take("Persist", parameters.Find("persist") is "none" ? "" : parameters.Find("persist"));
        Take("PersistTimeout", Written(parameters.Number("persisttimeout", 0, 604_800)));
        Take("CheckPort", parameters.Find("checkport") is "" ? "0" : Written(parameters.Number("checkport", 0, 65530)));
        Take("CheckUrl", Matching(parameters, "checkurl", text => text.Length <= 126));
        foreach (var text in new[] { "CheckHost", "CheckCodes", "DefaultGW" })
            Take(text, parameters.Find(text));
        Take("CheckUseGet", Written(parameters.Number("checkuseget", 0, 2)));
        Take("RsMinimum", Written(parameters.Number("rsminimum", 0, 255)));
        Take("Idletime", Written(parameters.Number("idletime", 0, 86_400)));
        return set;
    }

    /// <summary>The elements between the index and the real servers.</summary>
    internal static IEnumerable<Element> Describe(IReadOnlyDictionary<string, string> values) =>
        from described in Described
        let value = values.GetValueOrDefault(described.Name, "")
        where value != ""
        select new Element(described.Name, value, Opts.Contains(described.Name) ? ElementKind.Words : described.Kind);

    private static string? Written(bool? flag) => flag is null ? null : flag.Value ? "Y" : "N";

    private static string? Written(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? OneOf(Parameters parameters, string name, string[] words) => Matching(parameters, name, words.Contains);

    private static string? Matching(Parameters parameters, string name, Predicate<string> isGood) =>
        parameters.Find(name) is not { } text ? null : isGood(text) ? text : throw Refusal.UnknownValue(name, text);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.@_-]*$")]
    private static partial Regex Nickname();
}
