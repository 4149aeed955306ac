using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>The two properties of nodes and members that are written in one way and read in another.</summary>
internal static class Availability
{
    /// <summary>Refuses values that are only ever read.</summary>
    internal static void Check(JsonObject properties)
    {
        Check(properties, "session", "user-enabled", "user-disabled");
        Check(properties, "state", "user-up", "user-down");
    }

    /// <summary>What a GET says.</summary>
    /// <param name="shown">The answer; session and state in it are as they were written.</param>
    /// <param name="isMonitored">Whether a monitor looks.</param>
    /// <param name="isUp">What it sees.</param>
    internal static void Show(JsonObject shown, bool isMonitored, bool isUp)
    {
        var disabled = (string?)shown["session"] == "user-disabled";
        var forcedDown = (string?)shown["state"] == "user-down";
        shown["session"] = disabled ? "user-disabled" : isMonitored ? "monitor-enabled" : "user-enabled";
        shown["state"] = forcedDown ? "user-down" : !isMonitored ? "unchecked" : isUp ? "up" : "down";
    }

    private static void Check(JsonObject properties, string name, string one, string other)
    {
        if ((string?)properties[name] is { } value && value != one && value != other)
            throw new RefusedException(400, $"01020066:3: invalid property value \"{name}\":\"{value}\"", 26214401);
    }
}
