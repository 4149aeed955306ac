using System.Text.Json;
using Interlook.Storage;

namespace Interlook.Extensions.FileStore;

/// <summary>Replays journals onto records. A torn last line is dropped; every other fault stops, with file and line.</summary>
internal sealed class JournalReader<T>(Dictionary<string, StoredRecord<T>> records, long revision, IRecordCodec<T> codec)
    where T : class
{
    // A hole that a disk leaves when the power fails; no single damaged byte looks so.
    private static readonly byte[] NeverWritten = new byte[16];

    /// <summary>The revision of the last line applied.</summary>
    internal long Revision { get; private set; } = revision;

    /// <summary>Applies a journal's lines.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="bytes">The file's content.</param>
    /// <param name="last">True for the newest journal, the only one whose end a crash can tear.</param>
    /// <returns>The number of the line that was torn and dropped; null when every line is whole.</returns>
    /// <exception cref="StoreException">It is damaged.</exception>
    internal long? Replay(string path, ReadOnlySpan<byte> bytes, bool last)
    {
        for (var number = 1L; !bytes.IsEmpty; number++)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            var rest = end < 0 ? [] : bytes[(end + 1)..];
            if (!JournalLine.IsWhole(line))
            {
                if (last && end < 0 && JournalLine.IsWhole(line[..^1]))
                    line = line[..^1]; // a whole record; its line feed is damaged
                else if (last && rest.IsEmpty && (end < 0 || line.IndexOf(NeverWritten) >= 0))
                    return number;
                else
                    throw Damaged(path, number, "the checksum does not fit the line");
            }
            Apply(path, number, line);
            bytes = rest;
        }
        return null;
    }

    private void Apply(string path, long number, ReadOnlySpan<byte> line)
    {
        try
        {
            var (written, key, value) = JournalLine.Read(line, codec);
            if (written != Revision + 1)
                throw new JsonException($"revision {Revision + 1} is expected and {written} is there: lines are missing or out of order");
            Revision = written;
            if (value is null)
                records.Remove(key);
            else
                records[key] = new StoredRecord<T>(new Revision(written), value);
        }
        catch (Exception problem) when (problem is JsonException or FormatException or InvalidOperationException)
        {
            throw Damaged(path, number, problem.Message);
        }
    }

    private StoreException Damaged(string path, long line, string problem) => new(
        $"{path}, line {line}: {problem}. The journal is damaged: restore it from a backup, or delete the file from this line on "
        + $"to go on with the {codec.Plural} as they were before");
}
