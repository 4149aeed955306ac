using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary><c>interlook extensions</c>: which extensions are connected, and why others are not.</summary>
internal static class ExtensionsCommand
{
    internal static Command Build() =>
        ReadingCommand.Build("extensions", "Show whether each extension is connected.", "/extensions", Show);

    internal static IRenderable Show(JsonElement extensions)
    {
        var table = Tables.New("EXTENSION", "CONNECTED", "WAITING", "ORPHANS", "LAST GOOD", "REMARK");
        foreach (var extension in extensions.Items)
        {
            var connected = extension.Flag("connected");
            table.AddRow(
                Tables.Cell(extension.Text("name")),
                Tables.Cell(connected ? "yes" : $"no: {extension.Text("reason")}", connected ? Tables.Good : Tables.Bad),
                Tables.Cell(extension.Text("waiting")),
                Tables.Cell(extension.Text("orphans")),
                Tables.Cell(extension.Time("last_good")),
                Tables.Cell(extension.Text("message")));
        }
        return table;
    }
}
