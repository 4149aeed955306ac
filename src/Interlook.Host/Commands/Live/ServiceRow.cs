using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands.Live;

/// <summary>What the table of services shows of one entry. Compares by content: an equal row needs no new picture.</summary>
internal sealed record ServiceRow(string State, bool IsFailed, bool IsAtRest, string Address, string Hosts, string Targets, string Updated, string Remark)
{
    internal static ServiceRow Of(JsonElement entry)
    {
        var service = entry.Field("service");
        var state = entry.Text("state");
        var error = entry.Text("error");
        var isWorking = entry.Flag("work_in_progress");
        return new ServiceRow(
            error.Length > 0 ? $"{state} (failed)" : isWorking ? $"{state} (working)" : state,
            error.Length > 0,
            error.Length == 0 && !isWorking && state == entry.Text("expected_state"),
            service.Text("public_ip"),
            service.Text("dns_name"),
            string.Join(", ", service.Field("targets").Items.Select(TargetOf)),
            entry.Time("last_update"),
            error.Length > 0 ? error : entry.Text("info"));
    }

    /// <summary>Address and port of a target, and its health when it is not well.</summary>
    internal static string TargetOf(JsonElement target)
    {
        var host = target.Text("host");
        var endpoint = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{target.Text("port")}" : $"{host}:{target.Text("port")}";
        return target.Text("health") is "unhealthy" or "draining" ? $"{endpoint} ({target.Text("health")})" : endpoint;
    }

    internal Style Style => IsFailed ? Tables.Bad : IsAtRest ? Tables.Good : Tables.Waiting;

    internal IRenderable[] Cells(string name) =>
    [
        Tables.Cell(name),
        Tables.Cell(State, Style),
        Tables.Cell(Address),
        Tables.Cell(Hosts),
        Tables.Cell(Targets),
        Tables.Cell(Updated),
        IsFailed ? Tables.Cell(Remark, Tables.Bad) : Tables.Cell(Remark),
    ];

    /// <summary>The row as a line of fields between tabs; a control character in a field is left out.</summary>
    internal string Line(string name) => string.Join(
        '\t', new[] { name, State, Address, Hosts, Targets, Updated, Remark }.Select(field => string.Concat(field.Where(letter => !char.IsControl(letter)))));
}
