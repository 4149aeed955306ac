using System.Globalization;
using System.Text;
using Interlook.Extensions.FileStore;
using Interlook.Fixtures;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.FileStore;

/// <summary>A process that writes is killed at random moments; the next one finds everything that was acknowledged.</summary>
public sealed class KillTests
{
    private const string FolderVariable = "INTERLOOK_KILL_TEST_FOLDER";
    private const int Keys = 40;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_acknowledged_is_there_after_kill_9_at_random_moments()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(11);

        for (var round = 1; round <= 6; round++)
        {
            var before = Acknowledged(folder).Sum(record => record.Value);
            await using var writer = ServerProcess.Start(
                Path.Combine(AppContext.BaseDirectory, "Interlook.Extensions.Tests"),
                ["-explicit", "only", "-method", $"{typeof(KillTests).FullName}.{nameof(Writes_until_it_is_killed)}"],
                environment: new Dictionary<string, string> { [FolderVariable] = folder.Path });
            var enough = before + random.Next(1, 4_000);
            await Eventually.TrueAsync(
                $"the writer has acknowledged {enough} writes; it says {writer.Output}",
                () => Acknowledged(folder).Sum(record => record.Value) >= enough);
            await writer.SignalAsync("KILL");
            await writer.WaitForExitAsync(Stopping);

            var acknowledged = Acknowledged(folder);
            await using var store = Open(folder);
            var read = await store.ReadAllAsync(Stopping);
            foreach (var (key, number) in acknowledged)
                Assert.True(read[key].Value.Number >= number, $"round {round}: {key} was acknowledged at {number} and is at {read[key].Value.Number}");
        }
    }

    /// <summary>The process to kill: started by the test above, never by a run of the tests.</summary>
    [Fact(Explicit = true)]
    public async Task Writes_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } path)
            return;
        await using var acknowledgements = new FileStream(Path.Combine(path, "acknowledged"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using var store = new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance, foldAfter: 20_000)
            .Open(Path.Combine(path, "notes.db"), new NoteCodec());
        var all = await store.ReadAllAsync(Stopping);
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(async i =>
        {
            var key = $"key-{i}";
            var (revision, number) = all.TryGetValue(key, out var record) ? (record.Revision, record.Value.Number) : (Revision.None, 0);
            while (true)
            {
                revision = await store.WriteAsync(new(key, revision, new Note("kept", ++number)), Stopping);
                lock (acknowledgements)
                    acknowledgements.Write(Encoding.ASCII.GetBytes($"{key} {number}\n"));
            }
        }));
    }

    private static IRecordStore<Note> Open(TemporaryFolder folder) =>
        new FileRecordStores(new LocalDisk(), NullLoggerFactory.Instance).Open(folder.File("notes.db"), new NoteCodec());

    private static Dictionary<string, int> Acknowledged(TemporaryFolder folder)
    {
        if (!File.Exists(folder.File("acknowledged")))
            return [];
        using var file = new StreamReader(new FileStream(folder.File("acknowledged"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd().Split('\n').SkipLast(1)
            .Select(line => line.Split(' '))
            .GroupBy(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture))
            .ToDictionary(numbers => numbers.Key, numbers => numbers.Max());
    }
}
