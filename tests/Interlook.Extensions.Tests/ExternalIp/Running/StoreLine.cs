using System.Runtime.CompilerServices;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>The way of one process to the store: cut, it swallows everything, and nothing is answered or refused.</summary>
internal sealed class StoreLine(IClaimStore store) : IClaimStore
{
    private volatile TaskCompletionSource passage = Passed();
    private volatile int failures;

    public IClaimRecords<NodeRecord> Nodes => new Records<NodeRecord>(store.Nodes, this);

    public IClaimRecords<Claim> Claims => new Records<Claim>(store.Claims, this);

    public IClaimRecords<ClaimPool> Pools => new Records<ClaimPool>(store.Pools, this);

    public void Cut() => passage = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Join() => passage.TrySetResult();

    /// <summary>Lets the next writes of claims fail.</summary>
    public void FailWrites(int count) => failures = count;

    private Task PassAsync(CancellationToken stopping) => passage.Task.WaitAsync(stopping);

    private static TaskCompletionSource Passed()
    {
        var passed = new TaskCompletionSource();
        passed.SetResult();
        return passed;
    }

    private sealed class Records<T>(IClaimRecords<T> records, StoreLine line) : IClaimRecords<T>
        where T : class
    {
        public async IAsyncEnumerable<RecordView<T>> WatchAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            await foreach (var view in records.WatchAsync(stopping))
            {
                await line.PassAsync(stopping);
                yield return view;
            }
        }

        public Task<RecordView<T>> ListAsync(CancellationToken stopping) => CallAsync(() => records.ListAsync(stopping), stopping);

        public Task<StoredRecord<T>?> ReadAsync(string name, CancellationToken stopping) => CallAsync(() => records.ReadAsync(name, stopping), stopping);

        public Task<WriteResult> CreateAsync(T record, CancellationToken stopping) => WriteAsync(() => records.CreateAsync(record, stopping), stopping);

        public Task<WriteResult> UpdateAsync(T record, Revision expected, CancellationToken stopping) =>
            WriteAsync(() => records.UpdateAsync(record, expected, stopping), stopping);

        public Task<WriteResult> DeleteAsync(string name, Revision expected, CancellationToken stopping) =>
            WriteAsync(() => records.DeleteAsync(name, expected, stopping), stopping);

        private Task<WriteResult> WriteAsync(Func<Task<WriteResult>> write, CancellationToken stopping) =>
            typeof(T) == typeof(Claim) && Interlocked.Decrement(ref line.failures) >= 0
                ? throw new ExtensionException(Reason.Unavailable, "not now")
                : CallAsync(write, stopping);

        private async Task<TAnswer> CallAsync<TAnswer>(Func<Task<TAnswer>> call, CancellationToken stopping)
        {
            await line.PassAsync(stopping);
            var answer = await call();
            await line.PassAsync(stopping);
            return answer;
        }
    }
}
