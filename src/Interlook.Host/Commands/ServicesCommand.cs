using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary><c>interlook services [NAME]</c>: what is published, and how far it has got.</summary>
internal static class ServicesCommand
{
    internal static Command Build()
    {
        var options = new ReadingOptions();
        var name = new Argument<string?>("NAME") { Description = "One service, or WORKFLOW/SERVICE.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it again every second, until interrupted." };
        var command = new Command("services", "Show the services, or one of them.") { name, watch };
        options.AddTo(command);
        command.SetAction((parsed, stopping) => ReadingCommand.ShowAsync(
            options,
            parsed,
            parsed.GetValue(name) is { } one ? $"/services/{Uri.EscapeDataString(one)}" : "/services",
            parsed.GetValue(name) is null ? ListOf : One,
            parsed.GetValue(watch),
            stopping));
        return command;
    }

    internal static IRenderable ListOf(JsonElement services)
    {
        var table = Tables.New("NAME", "STATE", "ADDRESS", "HOSTS", "TARGETS", "UPDATED", "REMARK");
        foreach (var (name, entry) in services.Members)
        {
            var service = entry.Field("service");
            table.AddRow(
                Tables.Cell(name),
                State(entry),
                Tables.Cell(service.Text("public_ip")),
                Tables.Cell(service.Text("dns_name")),
                Tables.Cell(string.Join(", ", service.Field("targets").Items.Select(TargetOf))),
                Tables.Cell(entry.Time("last_update")),
                Remark(entry));
        }
        return table;
    }

    internal static IRenderable One(JsonElement entry)
    {
        var service = entry.Field("service");
        var table = Tables.New("SERVICE", NameOf(entry));
        void Row(string name, IRenderable value) => table.AddRow(Tables.Cell(name), value);
        Row("state", State(entry));
        Row("expected", Tables.Cell(entry.Text("expected_state")));
        if (entry.Text("error").Length > 0)
            Row("error", Tables.Cell(entry.Text("error"), Tables.Bad));
        if (entry.Text("info").Length > 0)
            Row("info", Tables.Cell(entry.Text("info")));
        Row("provider", Tables.Cell(service.Text("provider")));
        Row("address", Tables.Cell(service.Text("public_ip")));
        Row("hosts", Tables.Cell(service.Text("dns_name")));
        Row("tls", Tables.Cell(service.Text("tls")));
        foreach (var target in service.Field("targets").Items)
            Row("target", Tables.Cell($"{TargetOf(target)} weight {target.Text("weight")}"));
        Row("detected", Tables.Cell(entry.Time("time_detected")));
        Row("updated", Tables.Cell(entry.Time("last_update")));
        Row("closed", Tables.Cell(entry.Time("close_time")));
        return table;
    }

    private static string NameOf(JsonElement entry) =>
        entry.Text("workflow") is { Length: > 0 } workflow && workflow != Interlook.Services.ServiceKey.DefaultWorkflow
            ? $"{workflow}/{entry.Field("service").Text("name")}"
            : entry.Field("service").Text("name");

    private static IRenderable State(JsonElement entry)
    {
        var state = entry.Text("state");
        if (entry.Text("error").Length > 0)
            return Tables.Cell($"{state} (failed)", Tables.Bad);
        if (entry.Flag("work_in_progress"))
            return Tables.Cell($"{state} (working)", Tables.Waiting);
        return Tables.Cell(state, state == entry.Text("expected_state") ? Tables.Good : Tables.Waiting);
    }

    private static IRenderable Remark(JsonElement entry) =>
        entry.Text("error") is { Length: > 0 } error ? Tables.Cell(error, Tables.Bad) : Tables.Cell(entry.Text("info"));

    private static string TargetOf(JsonElement target)
    {
        var host = target.Text("host");
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{target.Text("port")}" : $"{host}:{target.Text("port")}";
    }
}
