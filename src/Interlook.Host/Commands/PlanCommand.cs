using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interlook.Engine.Previewing;
using Interlook.Extensions.FileStore;
using Interlook.Host.Configuration;
using Interlook.Host.Running;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Interlook.Host.Commands;

/// <summary>
/// <c>interlook plan --conf FILE</c>: what an Interlook with this configuration would create, change and remove, without doing it. May run beside
/// one that runs.
/// </summary>
internal static class PlanCommand
{
    internal static Command Build()
    {
        var configuration = CommandLine.ConfigurationOption(required: true);
        var output = OutputFormat.Option();
        var command = new Command(
            "plan", "Show what would be created, changed and removed, and do nothing; exits with 0 when there is nothing to do, 3 when there is, 1 when something could not be read.")
        {
            configuration, output,
        };
        command.SetAction((parsed, stopping) => PlanAsync(parsed.GetRequiredValue(configuration), parsed.GetValue(output) == OutputFormat.Json, stopping));
        return command;
    }

    private static async Task<int> PlanAsync(string file, bool isJson, CancellationToken stopping)
    {
        var result = ConfigurationReader.Read(file, BuiltInExtensions.Catalog, Environment.GetEnvironmentVariable);
        foreach (var problem in result.Problems)
            await Console.Error.WriteLineAsync(problem);
        if (result.Configuration is not { } configuration)
            return ExitCode.Failed;
        var preview = await LookAsync(configuration, stopping);
        foreach (var problem in preview.Problems.AsEnumerable())
            await Console.Error.WriteLineAsync($"interlook: {problem}");
        if (isJson)
            await Console.Out.WriteLineAsync(Written(preview));
        else
            Show(preview);
        return preview.Problems.Count > 0 ? ExitCode.Failed : preview.Steps.Count > 0 || preview.Orphans.Any(orphan => orphan.IsTaken) ? ExitCode.Pending : ExitCode.Success;
    }

    private static async Task<Preview> LookAsync(InterlookConfiguration configuration, CancellationToken stopping)
    {
        var loggers = NullLoggerFactory.Instance;
        var assembly = new EngineAssembly(configuration, BuiltInExtensions.Catalog, loggers, TimeProvider.System, isReadOnly: true);
        var stores = new FileRecordStores(new CopiedDisk(new LocalDisk()), loggers);
        await using var entries = assembly.OpenEntries(stores);
        try
        {
            return await new Previewer(configuration.Core.Engine, assembly.Make(stores, entries, histories: null)).RunAsync(stopping);
        }
        catch (StoreException failure)
        {
            throw new CommandFailedException(failure.Message, failure);
        }
    }

    private static string Written(Preview preview)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray("steps");
            foreach (var step in preview.Steps)
                Write(json, ("workflow", step.Service.Workflow), ("service", step.Service.Service), ("step", step.Step), ("action", Word(step.Action)), ("reason", step.Reason));
            json.WriteEndArray();
            json.WriteNumber("held", preview.Held);
            json.WriteStartArray("orphans");
            foreach (var orphan in preview.Orphans)
                Write(json, ("step", orphan.Step), ("subject", orphan.Subject), ("taken_back", orphan.IsTaken ? "yes" : "no"));
            json.WriteEndArray();
            json.WriteStartArray("problems");
            foreach (var problem in preview.Problems)
                json.WriteStringValue(problem);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static string Word(PreviewAction action) => action.ToString().ToLowerInvariant();

    private static void Show(Preview preview)
    {
        var table = Tables.New("SERVICE", "ACTION", "STEP", "WHY");
        foreach (var step in preview.Steps)
        {
            table.AddRow(
                Tables.Cell(step.Service.ToString()),
                Tables.Cell(Word(step.Action), Look(step.Action)),
                Tables.Cell(step.Step),
                Tables.Cell(step.Reason));
        }
        foreach (var orphan in preview.Orphans)
            table.AddRow(Tables.Cell(""), Tables.Cell("orphan", Tables.Waiting), Tables.Cell(orphan.Step), Tables.Cell($"{orphan.Subject}: ours, and no entry wants it{(orphan.IsTaken ? "; it is taken back (core.removeOrphans)" : "")}"));
        if (table.Rows.Count > 0)
            Screen.Show(table);
        Console.Out.WriteLine(Summary(preview));
    }

    private static string Summary(Preview preview)
    {
        var services = preview.Steps.Select(step => step.Service).Distinct().Count();
        string[] parts =
        [
            preview.Steps.Count == 0
                ? preview.Orphans.Any(orphan => orphan.IsTaken) ? "Only orphans to remove." : "Nothing to do."
                : $"{Counted(services, "service")}: {string.Join(", ", Enum.GetValues<PreviewAction>().Select(action => $"{preview.Steps.Count(step => step.Action == action)} to {Word(action)}"))}.",
            .. preview.Held > 0 ? [$"{Counted(preview.Held, "withdrawal")} would be held until confirmed (core.maxWithdrawal)."] : (string[])[],
        ];
        return string.Join(' ', parts);
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static Style Look(PreviewAction action) => action switch
    {
        PreviewAction.Create => Tables.Good,
        PreviewAction.Change => Tables.Waiting,
        _ => Tables.Bad,
    };
}
