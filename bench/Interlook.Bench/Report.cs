using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Interlook.Bench;

/// <summary>Shows figures as a table and keeps them as JSON.</summary>
internal static class Report
{
    public static void Show(IEnumerable<Figure> figures)
    {
        var table = new Table().AddColumns("figure", "value", "unit", "floor", "ratio", "goal", "met");
        foreach (var figure in figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name),
                Number(figure.Value),
                figure.Unit,
                figure.Floor is { } floor ? Number(floor) : "",
                figure.Floor is { } under and > 0 ? (figure.Value / under).ToString("0.00", CultureInfo.InvariantCulture) : "",
                Markup.Escape(figure.Goal),
                figure.Met switch { true => "yes", false => "NO", null => "" });
        }
        AnsiConsole.Write(table);
    }

    public static void Save(IEnumerable<Figure> figures, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var figure in figures)
        {
            json.WriteStartObject();
            json.WriteString("figure", figure.Name);
            json.WriteNumber("value", figure.Value);
            json.WriteString("unit", figure.Unit);
            if (figure.Floor is { } floor)
                json.WriteNumber("floor", floor);
            json.WriteString("goal", figure.Goal);
            if (figure.Met is { } met)
                json.WriteBoolean("met", met);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Number(double value) => value.ToString(value >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}
