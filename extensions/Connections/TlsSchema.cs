using Interlook.Configuration;

namespace Interlook.Extensions.Connections;

/// <summary>The settings that every client of an encrypted endpoint has.</summary>
internal static class TlsSchema
{
    /// <summary>Adds <c>tlsCa</c>, <c>tlsCert</c>, <c>tlsKey</c> and <c>tlsSkipVerify</c>, and their rules.</summary>
    /// <param name="schema">What gets them.</param>
    /// <param name="of">Where the options keep them.</param>
    /// <param name="server">Who is spoken to, in a sentence: <c>the daemon</c>.</param>
    /// <param name="note">A sentence for each file's description; empty for none.</param>
    /// <param name="counts">False for options whose endpoint never speaks TLS: their files are not looked at. Null: always true.</param>
    /// <param name="certAlias">Another key for <c>tlsCert</c>; null for none.</param>
    /// <param name="keyAlias">Another key for <c>tlsKey</c>; null for none.</param>
    internal static SettingsSchema<TOptions> Tls<TOptions>(
        this SettingsSchema<TOptions> schema,
        Func<TOptions, TlsSettings> of,
        string server,
        string note = "",
        Func<TOptions, bool>? counts = null,
        string? certAlias = null,
        string? keyAlias = null)
        where TOptions : class, new()
    {
        var end = note == "" ? "." : $". {note}";
        return schema
            .Text("tlsCa", (o, text) => of(o).Ca = text.Trim(), $"PEM file with the authorities that may sign the certificate of {server}{end}", "the system's")
            .Text("tlsCert", (o, text) => of(o).Cert = text.Trim(), $"PEM file with the client certificate{end}", aliases: Aliases(certAlias))
            .Text("tlsKey", (o, text) => of(o).Key = text.Trim(), $"PEM file with the key of the client certificate{end}", aliases: Aliases(keyAlias))
            .Flag("tlsSkipVerify", (o, flag) => of(o).SkipVerify = flag,
                $"Takes any certificate of {server}: anybody in between can then read and forge.")
            .Rule(options => counts?.Invoke(options) == false ? [] : of(options).Check());
    }

    private static string[] Aliases(string? alias) => alias is null ? [] : [alias];
}
