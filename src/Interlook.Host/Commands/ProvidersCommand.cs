using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary><c>interlook providers</c>: when each provider was last in step with its platform, and what it rejects.</summary>
internal static class ProvidersCommand
{
    internal static Command Build() =>
        ReadingCommand.Build("providers", "Show the providers, and what asks for publication and cannot have it.", "/providers", Show);

    internal static IRenderable Show(JsonElement providers)
    {
        var table = Tables.New("PROVIDER", "IN STEP", "SERVICES", "LAST SYNC", "REMARK");
        foreach (var provider in providers.Items)
        {
            var synced = provider.Flag("synced");
            table.AddRow(
                Tables.Cell(provider.Text("name")),
                Tables.Cell(synced ? "yes" : $"no: {provider.Text("reason")}", synced ? Tables.Good : Tables.Bad),
                Tables.Cell(provider.Text("services")),
                Tables.Cell(provider.Time("last_sync")),
                Tables.Cell(provider.Text("message")));
            if (provider.Field("held_withdrawals").Items.Any())
                table.AddRow(Tables.Cell(""), Tables.Cell("held", Tables.Waiting), Tables.Cell(""), Tables.Cell(""), Tables.Cell(provider.Text("held_withdrawals")));
            foreach (var rejection in provider.Field("rejections").Items)
                table.AddRow(
                    Tables.Cell(""), Tables.Cell("rejected", Tables.Waiting), Tables.Cell(""), Tables.Cell(""),
                    Tables.Cell($"{rejection.Text("subject")}: {rejection.Text("problem")}"));
        }
        return table;
    }
}
