using Interlook.Configuration;
using Interlook.Extensions.Etcd.Calls;

namespace Interlook.Extensions.ExternalIp.Etcd;

/// <summary>Where claims are kept in etcd.</summary>
public class EtcdClaimOptions : EtcdConnectionOptions
{
    /// <summary>What the keys begin with, without slashes around it.</summary>
    /// <value>Default: <c>interlook/externalip</c>.</value>
    public string Prefix { get; set; } = "interlook/externalip";

    /// <summary>How these settings are written.</summary>
    public static SettingsSchema<EtcdClaimOptions> ClaimsSchema { get; } = DescribeClaims(SettingsSchema.For<EtcdClaimOptions>());

    /// <summary>What the keys begin with, with slashes around it.</summary>
    internal string Root => $"/{Prefix}/";

    /// <summary>Adds the settings of etcd and the prefix, and their rules.</summary>
    internal static SettingsSchema<TOptions> DescribeClaims<TOptions>(SettingsSchema<TOptions> schema)
        where TOptions : EtcdClaimOptions, new() =>
        Describe(schema).Value("prefix", ReadPrefix, (o, prefix) => o.Prefix = prefix,
            "What the keys of nodes, claims and address pools begin with in etcd.", "interlook/externalip");

    private static string ReadPrefix(string text)
    {
        var prefix = text.Trim().Trim('/');
        return prefix.Length > 0 && prefix.Split('/').All(part => part.Trim('.').Length > 0)
            && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.')
                ? prefix
                : throw new FormatException($"must be one or more names of letters, digits, '-', '_' and '.', with '/' between them, not '{text}'");
    }
}
