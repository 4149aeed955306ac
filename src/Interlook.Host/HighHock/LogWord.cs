namespace Interlook.Host.HighHock;

/// <summary>HighHock's words for how much is logged; those of syslog (RFC 5424 section 6.2.1).</summary>
internal static class LogWord
{
    /// <summary>What NOTICE, HighHock's default, is here.</summary>
    internal const string Usual = "INFO";

    /// <summary>The words, for messages.</summary>
    internal const string All = "DEBUG, INFO, NOTICE, WARNING, ERROR, CRITICAL, ALERT, EMERGENCY";

    /// <summary>Interlook's word for HighHock's; null for a word that neither knows.</summary>
    internal static string? Of(string word) => word.ToUpperInvariant() switch
    {
        "DEBUG" => "DEBUG",
        "INFO" or "NOTICE" => Usual,
        "WARNING" => "WARN",
        "ERROR" => "ERROR",
        "CRITICAL" or "ALERT" or "EMERGENCY" => "FATAL",
        _ => null,
    };
}
