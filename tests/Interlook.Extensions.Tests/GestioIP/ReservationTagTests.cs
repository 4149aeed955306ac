using Interlook.Extensions.GestioIP;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>The mark of a reservation.</summary>
public sealed class ReservationTagTests
{
    private const string Harmful = "&;`'\\<>=^%#*,@$\"/|+([ ";

    private static readonly ReservationTag Tags = new("interlook", "prod");

    [Theory]
    [InlineData("default", "shop", "interlook:prod:default:shop")]
    [InlineData("web", "shop.example-2", "interlook:prod:web:shop.example-2")]
    [InlineData("default", "a/b_c", "interlook:prod:default:a_2Fb_5Fc")]
    [InlineData("default", "größe", "interlook:prod:default:gr_C3_B6_C3_9Fe")]
    public void It_can_be_read_by_people(string workflow, string service, string expected) =>
        Assert.Equal(expected, Tags.Of(new ServiceKey(workflow, service)));

    [Fact]
    public void No_two_services_share_one_and_each_fits_and_holds_nothing_that_GestioIP_stumbles_over()
    {
        ServiceKey[] keys =
        [
            .. OddNames.All.SelectMany(name => new[] { new ServiceKey("default", name), new ServiceKey("a", name), new ServiceKey("_61", name) }),
            new("a", "b:c"), new("a:b", "c"), new("a", "_62"), new("a", "b"),
        ];

        var tags = keys.Select(Tags.Of).ToList();

        Assert.Equal(keys.Length, tags.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tags, tag => Assert.InRange(tag.Length, 1, 500));
        Assert.All(tags, tag => Assert.DoesNotContain(tag, letter => Harmful.Contains(letter, StringComparison.Ordinal)));
        Assert.All(tags, tag => Assert.True(Tags.IsOurs(tag)));
    }

    [Fact]
    public void The_service_can_be_read_from_it_unless_the_name_is_too_long()
    {
        foreach (var name in OddNames.All)
        {
            var key = new ServiceKey("default", name);
            var tag = Tags.Of(key);

            Assert.Equal(tag.Contains(":__", StringComparison.Ordinal) ? null : key, Tags.KeyOf(tag));
        }
        Assert.Null(Tags.KeyOf(Tags.Of(new ServiceKey("default", new string('é', 253)))));
        Assert.NotNull(Tags.KeyOf(Tags.Of(new ServiceKey("default", new string('n', 253)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("the printer")]
    [InlineData("interlook:prod2:default:shop")]
    [InlineData("interlook:pro")]
    [InlineData("Interlook:prod:default:shop")]
    [InlineData("interlook:prod:default:shop and more")]
    public void Other_comments_are_not_ours(string comment)
    {
        Assert.False(Tags.IsOurs(comment));
        Assert.Null(Tags.KeyOf(comment));
    }

    [Theory]
    [InlineData("interlook:prod:default:a_2fb")]
    [InlineData("interlook:prod:default:a_2")]
    [InlineData("interlook:prod:default:_61")]
    [InlineData("interlook:prod:default")]
    [InlineData("interlook:prod:default:")]
    [InlineData("interlook:prod:a:b:c")]
    public void A_tag_that_we_never_wrote_names_nobody(string comment)
    {
        Assert.True(Tags.IsOurs(comment));
        Assert.Null(Tags.KeyOf(comment));
    }

    [Theory]
    [InlineData("shop", "shop")]
    [InlineData("größe", "gr--e")]
    [InlineData("商店", "service")]
    [InlineData("-a", "a")]
    public void The_name_for_people_holds_what_every_version_takes(string service, string expected) =>
        Assert.Equal(expected, ReservationTag.HostNameOf(new ServiceKey("default", service)));
}
