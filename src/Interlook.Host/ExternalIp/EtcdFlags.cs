using Interlook.Configuration;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Extensions.ExternalIp.Running;

namespace Interlook.Host.ExternalIp;

/// <summary>The flags for claims in etcd: settings of <c>vip.externalip</c>, read and checked by the same rules.</summary>
internal static class EtcdFlags
{
    private static readonly SettingsSchema Schema = EtcdClaimOptions.ClaimsSchema;

    private static readonly (string Flag, string Setting, string Value, string Description)[] All =
    [
        ("etcd", "endpoints", "URL[,URL...]", "Claims are kept in etcd instead of Kubernetes."),
        ("etcd-prefix", "prefix", "NAME", "What their keys begin with (default interlook/externalip)."),
        ("etcd-username", "username", "NAME", "Who we are to etcd."),
        ("etcd-password-file", "passwordFile", "FILE", "The file with the password."),
        ("etcd-cacert", "tlsCa", "FILE", "The authorities of etcd's certificate, PEM."),
        ("etcd-cert", "tlsCert", "FILE", "Our certificate for etcd, PEM."),
        ("etcd-key", "tlsKey", "FILE", "Its key, PEM."),
    ];

    /// <summary>The flags, which set what they are given.</summary>
    internal static IEnumerable<EarlierFlag> Of(ClaimsOptions options) =>
        All.Select(each => new EarlierFlag(each.Flag, each.Value, each.Description, text => Take(options, Schema.Find(each.Setting)!, text)));

    /// <summary>What is wrong with them together.</summary>
    internal static IEnumerable<string> Check(EtcdClaimOptions options) =>
        Schema.Check(options).Select(problem => $"{FlagOf(problem.Setting)} {InFlags(problem.Message)}");

    private static void Take(ClaimsOptions options, Setting setting, string text)
    {
        options.Etcd ??= new() { Endpoints = [] }; // its default is for a setting that was left out, and here --etcd says where the claims are
        IReadOnlyList<string> texts = setting.Kind switch
        {
            SettingKind.List => text.Split(',', StringSplitOptions.TrimEntries),
            SettingKind.SecretFile => [ReadFile(text)],
            _ => [text],
        };
        if (setting.Assign(options.Etcd, texts) is { } problem)
            throw new FormatException(problem);
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"cannot be read: {failure.Message}", failure);
        }
    }

    private static string InFlags(string problem) =>
        All.Aggregate(problem, (text, each) => text.Replace($"needs {each.Setting}", $"needs --{each.Flag}", StringComparison.Ordinal));

    /// <summary>A setting as its flag; <c>password</c> comes from a file here.</summary>
    private static string FlagOf(string setting) =>
        $"--{All.Single(each => each.Setting == setting || each.Setting == $"{setting}File").Flag}";
}
