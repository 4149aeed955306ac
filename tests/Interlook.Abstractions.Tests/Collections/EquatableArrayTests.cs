using Interlook.Collections;
using Xunit;

namespace Interlook.Abstractions.Tests.Collections;

public class EquatableArrayTests
{
    [Fact]
    public void Arrays_are_equal_when_their_content_is()
    {
        EquatableArray<string> one = ["a", "b"];
        EquatableArray<string> other = Enumerable.Range(0, 2).Select(i => i == 0 ? "a" : "b").ToEquatableArray();

        Assert.True(one == other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.True(one != ["b", "a"]);
    }

    [Fact]
    public void The_default_is_the_empty_array()
    {
        EquatableArray<int> nothing = default;

        Assert.True(nothing == []);
        Assert.Empty(nothing);
    }

    [Fact]
    public void What_it_was_made_from_may_change_afterwards()
    {
        var source = new[] { 1, 2 };
        var copy = source.ToEquatableArray();

        source[0] = 9;

        Assert.Equal([1, 2], copy);
    }
}
