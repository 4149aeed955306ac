using Interlook.Batching;
using Xunit;

namespace Interlook.Abstractions.Tests.Batching;

public class GroupCommitTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_that_wait_while_a_commit_runs_are_committed_together_in_order()
    {
        var batches = new List<int[]>();
        var gate = new TaskCompletionSource();
        var commits = new GroupCommit<int, int>(async batch =>
        {
            batches.Add([.. batch.Select(pending => pending.Request)]);
            if (batches.Count == 1)
                await gate.Task;
            foreach (var pending in batch)
                pending.Succeed(pending.Request * 10);
        });

        var first = commits.CommitAsync(0, Stopping);
        while (commits.Waiting > 0)
            await Task.Yield();
        var others = Enumerable.Range(1, 5).Select(i => commits.CommitAsync(i, Stopping)).ToArray();
        gate.SetResult();
        var results = await Task.WhenAll([first, .. others]);

        Assert.Equal([0, 10, 20, 30, 40, 50], results);
        Assert.Equal([[0], [1, 2, 3, 4, 5]], batches);
    }

    [Fact]
    public async Task A_commit_that_throws_fails_its_requests_and_the_next_one_runs()
    {
        var failing = true;
        var commits = new GroupCommit<int, int>(batch =>
        {
            if (failing)
                throw new InvalidOperationException("the disk is full");
            foreach (var pending in batch)
                pending.Succeed(pending.Request);
            return Task.CompletedTask;
        });

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => commits.CommitAsync(1, Stopping));
        failing = false;

        Assert.Equal("the disk is full", failure.Message);
        Assert.Equal(2, await commits.CommitAsync(2, Stopping));
    }

    [Fact]
    public async Task One_request_can_fail_while_its_neighbours_succeed()
    {
        var commits = new GroupCommit<int, int>(async batch =>
        {
            await Task.Yield();
            foreach (var pending in batch)
            {
                if (pending.Request == 2)
                    pending.Fail(new InvalidOperationException("refused"));
                else
                    pending.Succeed(pending.Request);
            }
        });

        var all = Enumerable.Range(1, 3).Select(i => commits.CommitAsync(i, Stopping)).ToArray();

        Assert.Equal(1, await all[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => all[1]);
        Assert.Equal(3, await all[2]);
    }

    [Fact]
    public async Task A_commit_that_says_nothing_of_a_request_has_failed_it()
    {
        var commits = new GroupCommit<int, int>(_ => Task.CompletedTask);

        await Assert.ThrowsAsync<InvalidOperationException>(() => commits.CommitAsync(1, Stopping));
    }

    [Fact]
    public async Task A_request_that_is_cancelled_while_it_waits_is_never_committed()
    {
        var committed = new List<int>();
        var gate = new TaskCompletionSource();
        var commits = new GroupCommit<int, int>(async batch =>
        {
            committed.AddRange(batch.Select(pending => pending.Request));
            await gate.Task;
            foreach (var pending in batch)
                pending.Succeed(0);
        });
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        var first = commits.CommitAsync(1, Stopping);
        while (commits.Waiting > 0)
            await Task.Yield();

        var second = commits.CommitAsync(2, impatience.Token);
        await impatience.CancelAsync();
        gate.SetResult();
        await first;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await commits.CommitAsync(3, Stopping);
        Assert.Equal([1, 3], committed);
    }

    [Fact]
    public async Task A_batch_is_no_larger_than_allowed()
    {
        var largest = 0;
        var commits = new GroupCommit<int, int>(
            async batch =>
            {
                largest = Math.Max(largest, batch.Count);
                await Task.Yield();
                foreach (var pending in batch)
                    pending.Succeed(0);
            },
            largestBatch: 7);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => commits.CommitAsync(i, Stopping)));

        Assert.InRange(largest, 1, 7);
    }

    [Fact]
    public async Task Commits_never_overlap_however_many_callers_there_are()
    {
        var running = 0;
        var total = 0;
        var commits = new GroupCommit<int, int>(async batch =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            await Task.Yield();
            total += batch.Count;
            Interlocked.Decrement(ref running);
            foreach (var pending in batch)
                pending.Succeed(0);
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(
            async () =>
            {
                for (var i = 0; i < 500; i++)
                    await commits.CommitAsync(i, Stopping);
            },
            Stopping)));

        Assert.Equal(4000, total);
    }
}
