using Interlook.Extensions.Docker;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>Which container is inspected next.</summary>
public sealed class InspectionQueueTests
{
    [Fact]
    public void A_container_that_is_touched_often_is_inspected_once()
    {
        var queue = new InspectionQueue(2);

        queue.Touch("a", isUrgent: false);
        queue.Touch("a", isUrgent: true);
        queue.Touch("a", isUrgent: true);

        Assert.True(queue.TryBegin(out var id));
        Assert.Equal("a", id);
        Assert.False(queue.TryBegin(out _));
        Assert.True(queue.End("a"));
        Assert.False(queue.Holds("a"));
    }

    [Fact]
    public void A_container_that_is_touched_while_it_is_inspected_is_inspected_again_and_never_twice_at_once()
    {
        var queue = new InspectionQueue(2);
        queue.Touch("a", isUrgent: true);
        queue.TryBegin(out _);

        queue.Touch("a", isUrgent: false);

        Assert.False(queue.TryBegin(out _));
        Assert.False(queue.End("a"));
        Assert.True(queue.TryBegin(out var id));
        Assert.Equal("a", id);
    }

    [Fact]
    public void What_an_event_touched_goes_before_what_a_resync_found()
    {
        var queue = new InspectionQueue(1);
        queue.Touch("resync-1", isUrgent: false);
        queue.Touch("resync-2", isUrgent: false);

        queue.Touch("event", isUrgent: true);
        queue.Touch("resync-2", isUrgent: true);

        Assert.Equal(["event", "resync-2", "resync-1"], Drain(queue));
    }

    [Fact]
    public void No_more_than_the_bound_are_inspected_at_once()
    {
        var queue = new InspectionQueue(2);
        foreach (var id in (string[])["a", "b", "c"])
            queue.Touch(id, isUrgent: true);

        queue.TryBegin(out _);
        queue.TryBegin(out _);
        var third = queue.TryBegin(out _);
        queue.End("a");

        Assert.False(third);
        Assert.True(queue.TryBegin(out var next));
        Assert.Equal("c", next);
    }

    private static List<string> Drain(InspectionQueue queue)
    {
        var order = new List<string>();
        while (queue.TryBegin(out var id))
        {
            order.Add(id);
            queue.End(id);
        }
        return order;
    }
}
