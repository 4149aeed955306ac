using System.Runtime.CompilerServices;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

/// <summary>One kind of record in memory.</summary>
internal sealed class InMemoryClaimRecords<T>(Lock door, Func<long> next, Func<long> newest, Func<T, string> nameOf) : IClaimRecords<T>
    where T : class
{
    private RecordView<T> view = RecordView<T>.Empty;
    private TaskCompletionSource changed = Fresh();

    public ExtensionException? Fault { get; private set; }

    public void Fail(ExtensionException? fault)
    {
        lock (door)
        {
            Fault = fault;
            Tell();
        }
    }

    public async IAsyncEnumerable<RecordView<T>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            RecordView<T> seen;
            Task more;
            lock (door)
            {
                seen = List();
                more = changed.Task;
            }
            yield return seen;
            await more.WaitAsync(stopping);
        }
    }

    public Task<RecordView<T>> ListAsync(CancellationToken stopping) => Do(List, stopping);

    public Task<StoredRecord<T>?> ReadAsync(string name, CancellationToken stopping) =>
        Do(() => view.Records.TryGetValue(name, out var record) ? record : (StoredRecord<T>?)null, stopping);

    public Task<WriteResult> CreateAsync(T record, CancellationToken stopping) =>
        Do(() => view.Records.ContainsKey(nameOf(record)) ? new(WriteOutcome.Exists) : Write(nameOf(record), record), stopping);

    public Task<WriteResult> UpdateAsync(T record, Revision expected, CancellationToken stopping) =>
        Do(() => Refusal(nameOf(record), expected) ?? Write(nameOf(record), record), stopping);

    public Task<WriteResult> DeleteAsync(string name, Revision expected, CancellationToken stopping) =>
        Do(() => Refusal(name, expected) ?? Write(name, null), stopping);

    private WriteResult? Refusal(string name, Revision expected) =>
        !view.Records.TryGetValue(name, out var known) ? new(WriteOutcome.Missing)
        : known.Revision != expected ? new(WriteOutcome.Conflict)
        : null;

    private WriteResult Write(string name, T? record)
    {
        var revision = new Revision(next());
        view = new(revision, record is null ? view.Records.Remove(name) : view.Records.SetItem(name, new(revision, record)));
        Tell();
        return new(WriteOutcome.Written, revision);
    }

    private RecordView<T> List()
    {
        if (Fault is { } fault)
            throw fault;
        return view with { At = new Revision(newest()) };
    }

    private void Tell()
    {
        var told = changed;
        changed = Fresh();
        told.SetResult();
    }

    private Task<TAnswer> Do<TAnswer>(Func<TAnswer> what, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
            return Task.FromCanceled<TAnswer>(stopping);
        lock (door)
            return Fault is { } fault ? Task.FromException<TAnswer>(fault) : Task.FromResult(what());
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
