using System.Globalization;
using System.Text.Json.Nodes;
using Interlook.Collections;

namespace Interlook.EndToEnd.Tests;

/// <summary>An entry as GET /services shows it.</summary>
internal sealed record ShownEntry
{
    public required string State { get; init; }

    public required string Expected { get; init; }

    public required bool IsWorkInProgress { get; init; }

    public string? Error { get; init; }

    public string? Reason { get; init; }

    public string? Step { get; init; }

    public string? Address { get; init; }

    public required bool Tls { get; init; }

    /// <summary>The host names, sorted.</summary>
    public required EquatableArray<string> Hosts { get; init; }

    /// <summary>The targets as <c>host:port</c>, with <c>*weight</c> where that is not one; sorted.</summary>
    public required EquatableArray<string> Targets { get; init; }

    /// <summary>True when it is where it should be and nothing is wrong.</summary>
    internal bool IsAtRest => State == Expected && !IsWorkInProgress && Error is null;

    internal static ShownEntry Of(JsonNode entry)
    {
        var service = entry["service"]!;
        return new()
        {
            State = (string)entry["state"]!,
            Expected = (string)entry["expected_state"]!,
            IsWorkInProgress = (bool)entry["work_in_progress"]!,
            Error = (string?)entry["error"],
            Reason = (string?)entry["reason"],
            Step = (string?)entry["step"],
            Address = (string?)service["public_ip"],
            Tls = (bool)service["tls"]!,
            Hosts = [.. service["dns_name"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal)],
            Targets = [.. service["targets"]!.AsArray().Select(target => Show(target!)).Order(StringComparer.Ordinal)],
        };
    }

    private static string Show(JsonNode target)
    {
        var weight = (int)target["weight"]!;
        var shown = string.Create(CultureInfo.InvariantCulture, $"{target["host"]}:{(int)target["port"]!}");
        return weight == 1 ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}*{weight}");
    }
}
