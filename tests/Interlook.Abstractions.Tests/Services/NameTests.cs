using Interlook.Services;
using Xunit;

namespace Interlook.Abstractions.Tests.Services;

public class NameTests
{
    [Theory]
    [InlineData("shop.example.org", "shop.example.org")]
    [InlineData("  SHOP.Example.ORG. ", "shop.example.org")]
    [InlineData("shop", "shop")]
    [InlineData("*.app.example.org", "*.app.example.org")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("1password.example", "1password.example")]
    public void A_host_name_is_brought_to_its_canonical_form(string text, string expected)
    {
        Assert.True(HostName.TryNormalize(text, out var name, out _));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(".", "is empty")]
    [InlineData("a..b", "has an empty label")]
    [InlineData("-a.example", "begins or ends with a hyphen")]
    [InlineData("a_b.example", "other characters than letters, digits and hyphens")]
    [InlineData("bücher.example", "xn--")]
    [InlineData("a b.example", "other characters")]
    [InlineData("*", "other characters")]
    [InlineData("a.*.example", "other characters")]
    [InlineData("10.0.0.1", "reads as an address")]
    [InlineData("http://shop.example.org", "other characters")]
    [InlineData("shop.example.org:80", "other characters")]
    public void What_is_no_host_name_is_refused_with_a_reason(string text, string expected)
    {
        Assert.False(HostName.TryNormalize(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_names_have_the_lengths_that_DNS_allows()
    {
        var label = new string('a', 63);

        Assert.True(HostName.TryNormalize($"{label}.example", out _, out _));
        Assert.False(HostName.TryNormalize($"a{label}.example", out _, out _));
        Assert.False(HostName.TryNormalize(string.Join('.', Enumerable.Repeat(label, 4)), out _, out _));
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("team/shop")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("läden & söhne")]
    public void Any_printable_text_is_a_service_name(string name)
    {
        Assert.True(ServiceName.IsValid(name, out _));
    }

    [Theory]
    [InlineData(null, "is empty")]
    [InlineData("", "is empty")]
    [InlineData("a\nb", "control character")]
    [InlineData(" a", "begins or ends with a space")]
    public void What_is_no_service_name_is_refused_with_a_reason(string? name, string expected)
    {
        Assert.False(ServiceName.IsValid(name, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_name_has_at_most_253_characters()
    {
        Assert.True(ServiceName.IsValid(new string('x', 253), out _));
        Assert.False(ServiceName.IsValid(new string('x', 254), out _));
    }
}
