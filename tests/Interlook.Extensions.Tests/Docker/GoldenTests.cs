using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>What Docker says, and what must be published: a folder of <c>Golden</c> a case.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_Docker_says_becomes_what_is_expected(string name)
    {
        var expected = GoldenCase.Expected(name);

        var actual = GoldenCase.Translate(name);

        Assert.Equal(expected, actual);
    }
}
