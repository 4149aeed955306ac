using Interlook.Configuration;

namespace Interlook.Extensions.Connections;

/// <summary>How a client of an outside system proves who it is, and whom it believes. Paths of PEM files, empty when not set.</summary>
public sealed class TlsSettings
{
    /// <summary>The authorities that may sign the server's certificate.</summary>
    /// <value>Default: empty, the system's authorities.</value>
    public string Ca { get; set; } = "";

    /// <summary>Our client certificate, intermediate certificates after it.</summary>
    /// <value>Default: empty, none.</value>
    public string Cert { get; set; } = "";

    /// <summary>The client certificate's key, not encrypted.</summary>
    /// <value>Default: empty, none.</value>
    public string Key { get; set; } = "";

    /// <summary>True takes any certificate of the server.</summary>
    /// <value>Default: false.</value>
    public bool SkipVerify { get; set; }

    /// <summary>True when any of them is set.</summary>
    internal bool IsSet => Ca != "" || Cert != "" || Key != "" || SkipVerify;

    /// <summary>What is wrong with them together.</summary>
    internal IEnumerable<SettingProblem> Check()
    {
        if (Cert == "" && Key != "")
            yield return new SettingProblem("tlsKey", "needs tlsCert, the certificate it belongs to");
        if (Cert != "" && Key == "")
            yield return new SettingProblem("tlsCert", "needs tlsKey, the key it belongs to");
        foreach (var (setting, path) in new[] { ("tlsCa", Ca), ("tlsCert", Cert), ("tlsKey", Key) })
        {
            if (path != "" && !File.Exists(path))
                yield return new SettingProblem(setting, $"names a file that does not exist: '{path}'");
        }
    }
}
