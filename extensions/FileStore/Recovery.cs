using System.Globalization;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>What is on the disk: the document with the journals that follow it applied.</summary>
/// <param name="Records">The records by key.</param>
/// <param name="Revision">The last revision.</param>
/// <param name="LastJournal">The number of the newest journal, or of the one the document names.</param>
/// <param name="DocumentLength">Length of the document.</param>
/// <param name="Journals">Every journal there is, of use or left over.</param>
/// <param name="Stale">True when the document does not say all of this.</param>
/// <param name="Earlier">The content of an earlier system's file, when that is what the document was.</param>
/// <param name="Torn">The line that was torn, for the log.</param>
internal sealed record Recovery<T>(
    Dictionary<string, StoredRecord<T>> Records,
    long Revision,
    long LastJournal,
    long DocumentLength,
    IReadOnlyList<long> Journals,
    bool Stale,
    byte[]? Earlier,
    string? Torn)
    where T : class
{
    /// <summary>Reads everything. Changes nothing.</summary>
    /// <exception cref="StoreException">It is damaged.</exception>
    internal static Recovery<T> Read(IDisk disk, string path, IRecordCodec<T> codec)
    {
        var journals = disk.Find(FileNames.Journals(path))
            .Select(found => Number(found[FileNames.Journals(path).Length..]))
            .OfType<long>()
            .Order()
            .ToList();
        var document = disk.Read(path);
        if (document is null or [] && journals.Count > 0)
        {
            throw new StoreException(
                $"{path} is {(document is null ? "missing" : "empty")} and its journal {FileNames.Journal(path, journals[^1])} is there: "
                + "restore the document from a backup, or delete the journal as well to start without any "
                + codec.Plural);
        }
        var (contents, earlier) = document is null
            ? (new Contents<T>(1, 0, []), false)
            : new DocumentReader<T>(path, codec).Read(document);
        var records = contents.Records as Dictionary<string, StoredRecord<T>>
            ?? new Dictionary<string, StoredRecord<T>>(contents.Records, StringComparer.Ordinal);
        var replay = new JournalReader<T>(records, contents.Revision, codec);
        string? torn = null;
        var next = contents.Journal;
        var files = new List<(string Path, byte[] Bytes)>();
        foreach (var number in journals.Where(number => number >= contents.Journal))
        {
            if (number != next)
            {
                throw new StoreException(
                    $"{FileNames.Journal(path, next)} is missing and {FileNames.Journal(path, number)} is there: restore it from a backup");
            }
            files.Add((FileNames.Journal(path, number), disk.Read(FileNames.Journal(path, number)) ?? []));
            next++;
        }
        // Only the newest journal that was written can be torn; one that was made and never used may follow it.
        var newest = files.FindLastIndex(file => file.Bytes.Length > 0);
        for (var i = 0; i < files.Count; i++)
        {
            if (replay.Replay(files[i].Path, files[i].Bytes, i == newest) is { } line)
                torn = $"{files[i].Path}, line {line.ToString(CultureInfo.InvariantCulture)}";
        }
        return new Recovery<T>(
            records, replay.Revision, Math.Max(contents.Journal, next - 1), document?.Length ?? 0, journals,
            document is null || earlier || torn is not null || replay.Revision != contents.Revision,
            earlier && document is { Length: > 0 } ? document : null,
            torn);
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
