using System.CommandLine;
using System.Text.Json;
using Interlook.Host.Commands.Live;
using Interlook.Host.Running;
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
        var watch = new Option<bool>("--watch", "-w") { Description = "Show every change, until interrupted; into a file or a pipe a line each." };
        var command = new Command("services", "Show the services, or one of them.") { name, watch };
        options.AddTo(command);
        command.SetAction((parsed, stopping) => parsed.GetValue(watch)
            ? WatchAsync(options, parsed, parsed.GetValue(name))
            : ReadingCommand.ShowAsync(
                options,
                parsed,
                parsed.GetValue(name) is { } one ? PathOf(one) : "/services",
                parsed.GetValue(name) is null ? ListOf : One,
                stopping));
        return command;
    }

    private static string PathOf(string name) => $"/services/{Uri.EscapeDataString(name)}";

    private static async Task<int> WatchAsync(ReadingOptions options, ParseResult parsed, string? name)
    {
        // An interrupt ends the watch, not the process: the terminal is put back as it was.
        using var signals = new StopSignals();
        using var interlook = options.Connect(parsed);
        var watch = new ServicesWatch(interlook, await SelectionAsync(interlook, name, signals.Token), TimeProvider.System);
        if (Console.IsOutputRedirected || options.IsJson(parsed))
        {
            await using var output = Screen.Lines();
            await watch.ListAsync(output, Console.Error, options.IsJson(parsed), signals.Token);
        }
        else
            await watch.DrawAsync(Screen.Terminal(), signals.Token);
        return ExitCode.Success;
    }

    /// <summary>Which entries are watched: all, or the one that the API finds under a name, whatever name it has there.</summary>
    private static async Task<Func<string, JsonElement, bool>> SelectionAsync(RunningInterlook interlook, string? name, CancellationToken stopping)
    {
        if (name is null)
            return (_, _) => true;
        using var document = interlook.Parse(await interlook.ReadAsync(PathOf(name), stopping));
        var one = NameOf(document.RootElement);
        return (_, entry) => NameOf(entry) == one;
    }

    internal static IRenderable ListOf(JsonElement services)
    {
        var table = Tables.New("NAME", "STATE", "ADDRESS", "HOSTS", "TARGETS", "UPDATED", "REMARK");
        foreach (var (name, entry) in services.Members)
            table.AddRow(ServiceRow.Of(entry).Cells(name));
        return table;
    }

    internal static IRenderable One(JsonElement entry)
    {
        var service = entry.Field("service");
        var table = Tables.New("SERVICE", NameOf(entry));
        void Row(string name, IRenderable value) => table.AddRow(Tables.Cell(name), value);
        var row = ServiceRow.Of(entry);
        Row("state", Tables.Cell(row.State, row.Style));
        Row("expected", Tables.Cell(entry.Text("expected_state")));
        if (entry.Text("error").Length > 0)
            Row("error", Tables.Cell(entry.Text("error"), Tables.Bad));
        if (entry.Text("info").Length > 0)
            Row("info", Tables.Cell(entry.Text("info")));
        if (entry.Field("steps").Items.Any())
            Row("steps", Tables.Cell(string.Join(", ", entry.Field("steps").Items.Select(step => $"{step.Text("step")} {step.Text("state")}"))));
        Row("provider", Tables.Cell(service.Text("provider")));
        Row("address", Tables.Cell(service.Text("public_ip")));
        Row("hosts", Tables.Cell(service.Text("dns_name")));
        Row("tls", Tables.Cell(service.Text("tls")));
        foreach (var target in service.Field("targets").Items)
            Row("target", Tables.Cell($"{ServiceRow.TargetOf(target)} weight {target.Text("weight")}"));
        Row("detected", Tables.Cell(entry.Time("time_detected")));
        Row("updated", Tables.Cell(entry.Time("last_update")));
        Row("closed", Tables.Cell(entry.Time("close_time")));
        return table;
    }

    private static string NameOf(JsonElement entry) =>
        entry.Text("workflow") is { Length: > 0 } workflow && workflow != Interlook.Services.ServiceKey.DefaultWorkflow
            ? $"{workflow}/{entry.Field("service").Text("name")}"
            : entry.Field("service").Text("name");
}
