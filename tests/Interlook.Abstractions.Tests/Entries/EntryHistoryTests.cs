using Interlook.Entries;
using Interlook.Extensions;
using Xunit;

namespace Interlook.Abstractions.Tests.Entries;

public sealed class EntryHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_happened_stands_in_its_order()
    {
        var history = EntryHistory.Empty.With(Did("provider.a", 0)).With(Did("ipam.b", 1)).With(Did("lb.c", 2));

        Assert.Equal(["provider.a", "ipam.b", "lb.c"], By(history));
    }

    [Fact]
    public void Only_the_newest_are_kept()
    {
        var history = EntryHistory.Empty;

        for (var i = 0; i < 130; i++)
            history = history.With(Did($"step.{i}", i));

        Assert.Equal(Enumerable.Range(80, 50).Select(i => $"step.{i}"), By(history));
    }

    [Fact]
    public void A_history_stays_as_it_is_whatever_follows_it()
    {
        var histories = new List<EntryHistory> { EntryHistory.Empty };

        for (var i = 0; i < 70; i++)
            histories.Add(histories[^1].With(Did($"step.{i}", i)));

        Assert.All(Enumerable.Range(0, 71), count => Assert.Equal(Enumerable.Range(Math.Max(0, count - 50), Math.Min(50, count)).Select(i => $"step.{i}"), By(histories[count])));
    }

    [Fact]
    public void Two_successors_of_one_history_do_not_disturb_each_other()
    {
        var before = EntryHistory.Empty.With(Did("provider.a", 0));

        var one = before.With(Did("ipam.b", 1));
        var other = before.With(Did("lb.c", 1));

        Assert.Equal(["provider.a", "ipam.b"], By(one));
        Assert.Equal(["provider.a", "lb.c"], By(other));
    }

    [Fact]
    public void A_failure_that_comes_again_is_counted_where_it_stands()
    {
        var history = EntryHistory.Empty.With(Failed("lb.c", Reason.Timeout, 0, "first"));

        for (var i = 1; i <= 9; i++)
            history = history.With(Failed("lb.c", Reason.Timeout, i, $"again {i}"));

        var only = Assert.Single(history.Transitions.ToArray());
        Assert.Equal(10, only.Count);
        Assert.Equal(Noon, only.Time);
        Assert.Equal(Noon.AddSeconds(9), only.LastTime);
        Assert.Equal("again 9", only.Message);
    }

    [Fact]
    public void Another_reason_another_step_or_a_success_between_is_another_transition()
    {
        var history = EntryHistory.Empty
            .With(Failed("lb.c", Reason.Timeout, 0, ""))
            .With(Failed("lb.c", Reason.Refused, 1, ""))
            .With(Failed("dns.b", Reason.Refused, 2, ""))
            .With(Did("dns.b", 3))
            .With(Failed("dns.b", Reason.Refused, 4, ""));

        Assert.Equal(5, history.Transitions.Length);
    }

    [Fact]
    public void Only_the_newest_messages_are_kept()
    {
        var history = EntryHistory.Empty;

        for (var i = 0; i < 120; i++)
            history = history.With(Failed($"step.{i % 2}", Reason.Timeout, i, $"message {i}"));

        Assert.Equal(50, history.Transitions.Length);
        Assert.Equal(
            Enumerable.Range(112, 8).Select(i => $"message {i}"),
            history.Transitions.ToArray().Select(each => each.Message).OfType<string>());
        Assert.All(history.Transitions.ToArray(), each => Assert.Equal(Reason.Timeout, each.Reason));
    }

    [Fact]
    public void A_long_message_is_cut()
    {
        var cut = Failed("lb.c", Reason.Timeout, 0, new string('m', 600)).Message!;

        Assert.Equal(500, cut.Length);
        Assert.EndsWith("m…", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Histories_compare_by_content()
    {
        var one = EntryHistory.Empty.With(Did("ipam.b", 1)).With(Did("lb.c", 2));
        var other = new EntryHistory(Did("ipam.b", 1), Did("lb.c", 2));

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, EntryHistory.Empty.With(Did("ipam.b", 1)));
    }

    private static Transition Did(string by, int second) => new(Noon.AddSeconds(second), by, TransitionKind.Deployed);

    private static Transition Failed(string by, Reason reason, int second, string message) =>
        new(Noon.AddSeconds(second), by, TransitionKind.Failed) { Reason = reason, Message = message };

    private static IEnumerable<string> By(EntryHistory history) => history.Transitions.ToArray().Select(each => each.By);
}
