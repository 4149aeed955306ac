using System.CommandLine;

namespace Interlook.Host.Commands;

/// <summary>How a reading command shows what it read.</summary>
internal static class OutputFormat
{
    internal const string Table = "table";
    internal const string Json = "json";

    internal static Option<string> Option()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "A table for people, or the API's answer as it came.",
            HelpName = "table|json",
            DefaultValueFactory = _ => Table,
        };
        option.AcceptOnlyFromAmong(Table, Json);
        return option;
    }
}
