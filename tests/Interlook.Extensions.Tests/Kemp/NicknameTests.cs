using System.Text.RegularExpressions;
using Interlook.Extensions.Kemp;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>Nicknames say whose a virtual service is, within what the appliance takes.</summary>
public sealed partial class NicknameTests
{
    [Theory]
    [InlineData("interlook", "default", "shop", "interlook@interlook@default@shop")]
    [InlineData("prod-1", "edge", "shop.example.org", "interlook@prod-1@edge@shop.example.org")]
    [InlineData("prod", "default", "a/b_c@d", "interlook@prod@default@a_2fb_5fc_40d")]
    [InlineData("prod", "default", "größe", "interlook@prod@default@gr_c3_b6_c3_9fe")]
    public void A_nickname_is_readable_and_can_be_read_back(string instance, string workflow, string service, string nickname)
    {
        var key = new ServiceKey(workflow, service);

        Assert.Equal(nickname, Nickname.Of(instance, key));
        Assert.Equal(key, Nickname.ReadKey(nickname));
        Assert.True(Nickname.IsOf(instance, nickname));
    }

    [Fact]
    public void Every_name_has_a_nickname_of_its_own_that_the_appliance_takes()
    {
        string[] instances = ["a", "a-b", "a-b-c", new('i', 16), new('i', 17), new('i', 63), new string('i', 62) + "j"];
        ServiceKey[] keys = [.. OddNames.All.SelectMany(name => new[] { new ServiceKey("default", name), new ServiceKey("other", name), new ServiceKey(new string('w', 60), name) })];

        var nicknames = instances.SelectMany(instance => keys.Select(key => Nickname.Of(instance, key))).ToList();

        Assert.Equal(nicknames.Count, nicknames.Distinct(StringComparer.Ordinal).Count());
        Assert.All(nicknames, nickname => Assert.Matches(Allowed(), nickname));
        Assert.All(nicknames, nickname => Assert.InRange(nickname.Length, 1, Nickname.LongestName));
        foreach (var instance in instances)
            Assert.Equal(keys.Length, nicknames.Count(nickname => Nickname.IsOf(instance, nickname)));
    }

    [Fact]
    public void A_long_name_keeps_its_mark_and_loses_only_its_name()
    {
        var key = new ServiceKey("default", "a-long-name-of-a-service-that-does-not-fit-any-more");

        var nickname = Nickname.Of("interlook", key);

        Assert.Equal("interlook@interlook@alongname.qe5yewc44zdfoatmijohpxcyxr", nickname);
        Assert.True(Nickname.IsOf("interlook", nickname));
        Assert.Null(Nickname.ReadKey(nickname));
    }

    [Theory]
    [InlineData("")]
    [InlineData("shop")]
    [InlineData("interlook")]
    [InlineData("interlook@other@default@shop")]
    [InlineData("interlook@interlookx@default@shop")]
    [InlineData("Interlook@interlook@default@shop")]
    public void Others_nicknames_are_not_ours(string nickname) => Assert.False(Nickname.IsOf("interlook", nickname));

    [Theory]
    [InlineData("interlook@interlook@default@shop_")]
    [InlineData("interlook@interlook@default@shop_zz")]
    [InlineData("interlook@interlook@default")]
    public void A_mark_that_was_damaged_names_nobody(string nickname) => Assert.Null(Nickname.ReadKey(nickname));

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.@_-]*$")]
    private static partial Regex Allowed();
}
