using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary>The one look of all tables.</summary>
internal static class Tables
{
    internal static readonly Style Good = new(Color.Green);
    internal static readonly Style Bad = new(Color.Red);
    internal static readonly Style Waiting = new(Color.Yellow);

    internal static Table New(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    /// <summary>A cell; never read as markup, and a control character in it never reaches the terminal.</summary>
    internal static IRenderable Cell(string text, Style? style = null) =>
        new Text(text.Any(char.IsControl) ? string.Concat(text.Where(letter => !char.IsControl(letter))) : text, style ?? Style.Plain);
}
