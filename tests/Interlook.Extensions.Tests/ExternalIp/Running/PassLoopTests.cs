using System.Threading.Channels;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>The loop in which everything of a process is decided, and its requests to a store that does as it likes.</summary>
public sealed class PassLoopTests : IAsyncDisposable
{
    private readonly CancellationTokenSource life = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly PassLoop loop = new(TimeProvider.System);
    private readonly StoreCalls calls;
    private Task work = Task.CompletedTask;

    public PassLoopTests()
    {
        life.CancelAfter(TimeSpan.FromSeconds(30));
        calls = new(loop, 2, TimeProvider.System, NullLogger<StoreCalls>.Instance);
    }

    [Fact]
    public async Task What_is_told_is_taken_in_order_and_a_pass_follows()
    {
        var taken = new List<int>();
        var passed = new TaskCompletionSource();
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            loop.Tell(_ => taken.Add(number));
        }

        Run(_ =>
        {
            if (taken.Count == 100)
                passed.TrySetResult();
            return null;
        });
        await passed.Task.WaitAsync(life.Token);

        Assert.Equal(Enumerable.Range(0, 100), taken);
    }

    [Fact]
    public async Task A_pass_comes_again_when_it_said_and_not_before()
    {
        var clock = new ManualTimeProvider();
        var timed = new PassLoop(clock);
        var moments = Channel.CreateUnbounded<TimeSpan>();
        var pause = TimeSpan.FromMilliseconds(30);
        work = timed.RunAsync(now => moments.Writer.TryWrite(now) ? now + pause : null, life.Token);

        for (var said = TimeSpan.Zero; said < 3 * pause; said += pause)
        {
            var moment = await moments.Reader.ReadAsync(life.Token);
            Assert.True(moment >= said);
            await Eventually.TrueAsync("the loop waits for the moment it was told", () => clock.NextDue is not null);
            var wait = clock.NextDue!.Value;
            Assert.True(wait >= pause);
            clock.Advance(wait);
        }
    }

    [Fact]
    public async Task Requests_that_never_end_fail_in_time_and_no_pass_waits_for_them()
    {
        var failed = 0;
        var passes = 0;
        var passesAtFailure = 0;
        var done = new TaskCompletionSource();
        loop.Tell(_ =>
        {
            // One that ignores its token, one that honours it, and two that wait for a place.
            for (var i = 0; i < 2; i++)
            {
                Begin(_ => new TaskCompletionSource<int>().Task);
                Begin(token => new TaskCompletionSource<int>().Task.WaitAsync(token));
            }
        });

        Run(now =>
        {
            passes++;
            return now + TimeSpan.FromMilliseconds(1);
        });
        await done.Task.WaitAsync(life.Token);

        Assert.Equal(4, failed);
        Assert.True(passesAtFailure > 4);

        void Begin(Func<CancellationToken, Task<int>> request) => calls.Begin(
            request,
            TimeSpan.FromMilliseconds(100),
            (_, _) => Assert.Fail("there was no answer"),
            _ =>
            {
                passesAtFailure = passes;
                if (++failed == 4)
                    done.SetResult();
            },
            life.Token);
    }

    [Fact]
    public async Task Whatever_a_store_throws_the_loop_hears_of_it()
    {
        var failed = new TaskCompletionSource();
        var count = 0;
        loop.Tell(_ =>
        {
            Begin(_ => throw new ExtensionException(Reason.Unavailable, "not now"));
            Begin(_ => throw new InvalidOperationException("a fault"));
            Begin(_ => Task.FromException<int>(new OperationCanceledException()));
        });

        Run(_ => null);

        await failed.Task.WaitAsync(life.Token);

        void Begin(Func<CancellationToken, Task<int>> request) => calls.Begin(
            request,
            TimeSpan.FromSeconds(20),
            (_, _) => Assert.Fail("there was no answer"),
            _ =>
            {
                if (++count == 3)
                    failed.SetResult();
            },
            life.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await work;
        await calls.FinishAsync();
        calls.Dispose();
        life.Dispose();
    }

    private void Run(Func<TimeSpan, TimeSpan?> pass) => work = loop.RunAsync(pass, life.Token);
}
