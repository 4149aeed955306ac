using System.Globalization;
using System.Net;
using Interlook.Configuration;
using Interlook.Engine;
using Microsoft.Extensions.Logging;

namespace Interlook.Host.Configuration;

/// <summary>How the section <c>core</c> is written. The second names of some keys are those of earlier versions.</summary>
internal static class CoreSettings
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    internal static SettingsSchema<CoreOptions> Schema { get; } = SettingsSchema.For<CoreOptions>()
        .List(
            "workflow", step => step, (core, steps) => core.Workflow = steps,
            "The steps of the workflow `default`: a provider, then provisioners in the order of deployment, with commas between them or as a sequence.",
            aliases: "workflowSteps")
        .Value(
            "logLevel", Level, (core, level) => core.LogLevel = level,
            "The least important lines that are logged.", "INFO", "TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF")
        .Text(
            "logFile", (core, file) => core.LogFile = file,
            "Where the log goes: `stdout`, `stderr`, or a file's path. A file is opened again on SIGHUP.", "stdout")
        .Value(
            "listenAddress", Listener, (core, address) => core.ListenAddress = address,
            "The address the HTTP API listens on.", "127.0.0.1", "an IP address or localhost")
        .Number("listenPort", (core, port) => core.ListenPort = port, "The HTTP API's port.", 1, 65535, "8080")
        .Secret(
            "apiToken", (core, token) => core.ApiToken = token,
            "What changing calls of the API must send as bearer token when the listener is not a loopback address; without it they are refused there.")
        .Text(
            "flowEntriesFile", (core, file) => core.FlowEntriesFile = file,
            "The file that holds the entries; its journal stands beside it.", "flowentries.db", aliases: "workflowEntriesFile")
        .Value(
            "instance", InstanceName, (core, instance) => core.Instance = instance,
            "Who owns what Interlook makes outside: it is part of every ownership mark. Two Interlooks that share an outside system need different names; "
            + "changing it orphans what exists.",
            "interlook", "1 to 63 letters, digits and hyphens")
        .Number("concurrency", (core, calls) => core.Engine.Concurrency = calls, "The most calls one step has under way at once.", 1, 4096, Shown(Defaults.Concurrency))
        .Duration(
            "checkFlowInterval", (core, time) => core.Engine.CheckFlowInterval = time,
            "How often every entry is looked at, as a safety net: the work itself is driven by events.",
            TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), Shown(Defaults.CheckFlowInterval), "workflowActivityLauncherInterval")
        .Duration(
            "workflowHousekeeperInterval", (core, time) => core.Engine.HousekeeperInterval = time,
            "How often closed entries are dropped and silent ones refreshed.",
            TimeSpan.FromSeconds(1), Day, Shown(Defaults.HousekeeperInterval))
        .Duration(
            "resyncInterval", (core, time) => core.Engine.ResyncInterval = time,
            "How often everything deployed is compared with the outside world and repaired; 0 switches it off.",
            TimeSpan.Zero, Day, Shown(Defaults.ResyncInterval))
        .Flag(
            "repairDrift", (core, flag) => core.Engine.RepairDrift = flag,
            "Deploys again what a resync finds changed outside; without it the entry only says so.", "true")
        .Flag(
            "removeOrphans", (core, flag) => core.Engine.RemoveOrphans = flag,
            "Removes what bears our mark and belongs to no entry, once two resyncs in a row have found it. Not where two Interlooks share a `core.instance`.")
        .Duration(
            "serviceWIPTimeout", (core, time) => core.Engine.ServiceWipTimeout = time,
            "The longest call of a provisioner; then it is cancelled and tried again.",
            TimeSpan.FromSeconds(1), Day, Shown(Defaults.ServiceWipTimeout))
        .Duration(
            "serviceMaxLastUpdated", (core, time) => core.Engine.ServiceMaxLastUpdated = time,
            "After which silence a provider is asked about a service; 0 switches it off.",
            TimeSpan.Zero, Day, Shown(Defaults.ServiceMaxLastUpdated))
        .Duration(
            "cleanUndeployedServiceAfter", (core, time) => core.Engine.CleanUndeployedServiceAfter = time,
            "How long an undeployed entry is still shown.",
            TimeSpan.Zero, TimeSpan.FromDays(365), Shown(Defaults.CleanUndeployedServiceAfter))
        .Value(
            "maxWithdrawal", Share, (core, share) => core.Engine.MaxWithdrawal = share,
            "The share of a provider's services that one snapshot may withdraw. More than that, and more than 10, is held until the next resync confirms it "
            + "or an operator approves.",
            "50%", "0% to 100%, or 0 to 1")
        .Flag(
            "waitAtStart", (core, flag) => core.Engine.WaitAtStart = flag,
            "Waits at the start for outside systems that cannot be reached, and tries again; without it Interlook ends and says why.");

    private static EngineOptions Defaults => new();

    private static string Shown(TimeSpan time) => SettingReaders.Show(time);

    private static string Shown(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static LogLevel Level(string text) => text.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" or "INFORMATION" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" or "CRITICAL" or "PANIC" => LogLevel.Critical,
        "OFF" or "NONE" => LogLevel.None,
        _ => throw new FormatException($"must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF, not '{text}'"),
    };

    private static IPAddress Listener(string text) =>
        text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : SettingReaders.Address(text);

    private static string InstanceName(string text) =>
        text.Length <= 63 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? text
            : throw new FormatException($"must be 1 to 63 letters, digits and hyphens, not '{text}'");

    private static double Share(string text)
    {
        var percent = text.EndsWith('%');
        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(percent ? text[..^1] : text, Style, CultureInfo.InvariantCulture, out var number)
            || number < 0 || number > (percent ? 100 : 1))
            throw new FormatException($"must be a share such as 50% or 0.5, not '{text}'");
        return percent ? number / 100 : number;
    }
}
