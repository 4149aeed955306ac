using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands.Live;

/// <summary>
/// What <c>interlook services --watch</c> knows, and how it looks. Takes events on one thread and is drawn on another: safe for concurrent use.
/// </summary>
/// <param name="shows">Which entries are shown.</param>
internal sealed class ServicesPicture(Func<string, JsonElement, bool> shows)
{
    /// <summary>A start with more services than these on their way has a progress bar.</summary>
    private const int ManyOnTheirWay = 100;
    private const int BarWidth = 40;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, ServiceRow> rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> unconfirmed = new(StringComparer.Ordinal);
    private (int Expected, int Deployed, int Failed) progress;
    private bool isStarting;
    private string? note;

    /// <summary>Takes an event.</summary>
    /// <returns>The rows that changed by it, by name; null for one that is gone. Nothing for an event that changes the picture only otherwise.</returns>
    internal IReadOnlyList<(string Name, ServiceRow? Row)> Take(LiveEvent said)
    {
        lock (gate)
        {
            note = null;
            switch (said.Name)
            {
                case "reset":
                    unconfirmed.UnionWith(rows.Keys);
                    return [];
                case "services":
                    return [.. said.Content.Members.Where(member => TakeRow(member.Name, member.Value)).Select(member => (member.Name, rows.GetValueOrDefault(member.Name)))];
                case "ready":
                    return TakeGone();
                case "overview":
                    TakeCounts(said.Content.Field("entries"));
                    return [];
                default:
                    return [];
            }
        }
    }

    /// <summary>The stream broke: says so until an event comes.</summary>
    internal void Note(string problem)
    {
        lock (gate)
            note = problem;
    }

    /// <summary>The picture, in so many lines at most: when there are too many services, those that are not at rest go first.</summary>
    internal IRenderable Draw(int height)
    {
        lock (gate)
        {
            var head = new List<IRenderable>();
            if (note is not null)
                head.Add(Tables.Cell(note, Tables.Bad));
            if (isStarting)
                head.Add(Bar());
            var room = Math.Max(1, height - head.Count - 2); // the table's own head, and the line of what is left out
            var shown = rows.Count <= room ? rows : rows.OrderBy(row => Rank(row.Value)).Take(room);
            var table = Tables.New("NAME", "STATE", "ADDRESS", "HOSTS", "TARGETS", "UPDATED", "REMARK");
            foreach (var (name, row) in shown)
                table.AddRow(row.Cells(name));
            IRenderable[] tail = rows.Count <= room ? [] : [Tables.Cell($"and {Number(rows.Count - room)} more")];
            return new Rows([.. head, table, .. tail]);
        }
    }

    private static int Rank(ServiceRow row) => row.IsFailed ? 0 : row.IsAtRest ? 2 : 1;

    private bool TakeRow(string name, JsonElement entry)
    {
        unconfirmed.Remove(name);
        if (entry.ValueKind != JsonValueKind.Object)
            return rows.Remove(name);
        if (!shows(name, entry))
            return false;
        var row = ServiceRow.Of(entry);
        if (rows.TryGetValue(name, out var known) && known == row)
            return false;
        rows[name] = row;
        return true;
    }

    private List<(string Name, ServiceRow? Row)> TakeGone()
    {
        var gone = new List<(string Name, ServiceRow? Row)>();
        foreach (var name in unconfirmed.Where(rows.Remove))
            gone.Add((name, null));
        unconfirmed.Clear();
        return gone;
    }

    private void TakeCounts(JsonElement entries)
    {
        progress = (Count("expected"), Count("deployed"), Count("failed"));
        var onTheirWay = Count("waiting") + Count("working");
        if (onTheirWay + progress.Failed > ManyOnTheirWay && progress.Deployed < progress.Expected)
            isStarting = true;
        else if (onTheirWay == 0)
            isStarting = false;

        int Count(string name) => entries.Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count) ? count : 0;
    }

    private Columns Bar()
    {
        var share = progress.Expected == 0 ? 1 : Math.Min(1, (double)progress.Deployed / progress.Expected);
        var done = (int)(share * BarWidth);
        var words = $"deployed {Number(progress.Deployed)} of {Number(progress.Expected)}, failed {Number(progress.Failed)}";
        return new Columns(
            new Paragraph().Append(new string('━', done), Tables.Good).Append(new string('━', BarWidth - done), new Style(Color.Grey)),
            Tables.Cell(words, progress.Failed > 0 ? Tables.Bad : null))
        {
            Expand = false,
        };
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
