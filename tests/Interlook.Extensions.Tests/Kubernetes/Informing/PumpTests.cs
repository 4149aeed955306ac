using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Fixtures;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Informing;

/// <summary>Nothing but its own stop ends what follows a server.</summary>
public sealed class PumpTests : IDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly CancellationTokenSource life = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public void Dispose() => life.Dispose();

    [Theory]
    [InlineData(20, 20)]
    [InlineData(61, 60)]
    [InlineData(1e11, 60)]
    public async Task What_a_server_asks_to_wait_is_waited_up_to_a_minute(double asked, double waited)
    {
        var source = new ScriptedServices(list => list == 1 ? new ExtensionException(Reason.Unavailable, "busy", TimeSpan.FromSeconds(asked)) : null);
        var informer = Make(source, time);

        var running = informer.RunAsync(life.Token);
        var wait = time.NextDue;
        await PassUntilAsync("it is listed", () => informer.Latest is not null);
        await life.CancelAsync();
        await running;

        Assert.Equal(TimeSpan.FromSeconds(waited), wait);
        Assert.Null(informer.Failure);
    }

    [Fact]
    public async Task A_fault_of_our_own_is_a_failure_and_tried_again()
    {
        var source = new ScriptedServices(list => list == 1 ? new InvalidOperationException("a fault") : null);
        var informer = Make(source, time);

        var running = informer.RunAsync(life.Token);
        var failure = informer.Failure;
        await PassUntilAsync("it is listed", () => informer.Latest is not null);
        await life.CancelAsync();
        await running;

        Assert.Equal(Reason.Internal, failure?.Reason);
        Assert.Null(informer.Failure);
    }

    [Fact]
    public async Task A_fault_while_it_waits_is_a_failure_and_tried_again()
    {
        var source = new ScriptedServices(list => list == 1 ? new ExtensionException(Reason.Unavailable, "busy", TimeSpan.FromSeconds(9)) : null);
        var informer = Make(source, new ClockThatFailsOnce(time));

        var running = informer.RunAsync(life.Token);
        var failure = informer.Failure;
        await PassUntilAsync("it is listed", () => informer.Latest is not null);
        await life.CancelAsync();
        await running;

        Assert.Equal(Reason.Internal, failure?.Reason);
        Assert.Contains("no timer", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reason.Unreachable)]
    [InlineData(Reason.Unavailable)]
    [InlineData(Reason.Timeout)]
    public async Task A_first_list_that_fails_for_a_moment_is_no_failure(Reason reason)
    {
        var informer = Make(new ScriptedServices(list => list <= 3 ? new ExtensionException(reason, "not now") : null), time);
        var failures = new List<ExtensionException?>();

        var running = informer.RunAsync(life.Token);
        await PassUntilAsync("it is listed", () =>
        {
            failures.Add(informer.Failure);
            return informer.Latest is not null;
        });
        await life.CancelAsync();
        await running;

        Assert.All(failures, Assert.Null);
    }

    [Fact]
    public async Task A_first_list_that_goes_on_failing_is_a_failure_within_seconds()
    {
        var source = new ScriptedServices(_ => new ExtensionException(Reason.Unreachable, "gone"));
        var informer = Make(source, time);
        var begun = time.GetTimestamp();

        var running = informer.RunAsync(life.Token);
        await PassUntilAsync("it is a failure", () => informer.Failure is not null);
        var (tries, passed) = (source.Lists, time.GetElapsedTime(begun));
        await life.CancelAsync();
        await running;

        Assert.InRange(passed, TimeSpan.FromSeconds(1), Pump<Service>.FirstPatience);
        Assert.InRange(tries, 3, 10);
    }

    [Theory]
    [InlineData(Reason.Unauthorized)]
    [InlineData(Reason.Malformed)]
    public async Task A_first_list_that_waiting_does_not_mend_is_a_failure_at_once(Reason reason)
    {
        var informer = Make(new ScriptedServices(_ => new ExtensionException(reason, "no")), time);

        var running = informer.RunAsync(life.Token);
        var failure = informer.Failure;
        await life.CancelAsync();
        await running;

        Assert.Equal(reason, failure?.Reason);
    }

    private static Informer<Service> Make(ScriptedServices source, TimeProvider time) => new(
        source, [], new ContentComparison<Service>(new ResourceKinds().Services.Json), TimeSpan.FromMinutes(10), time, new Random(1), NullLogger.Instance);

    private Task PassUntilAsync(string what, Func<bool> condition) => Eventually.TrueAsync(what, () =>
    {
        if (condition())
            return true;
        if (time.NextDue is { } due)
            time.Advance(due);
        return false;
    });

    private sealed class ClockThatFailsOnce(TimeProvider clock) : TimeProvider
    {
        private bool hasFailed;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (hasFailed)
                return clock.CreateTimer(callback, state, dueTime, period);
            hasFailed = true;
            throw new InvalidOperationException("no timer");
        }
    }
}
