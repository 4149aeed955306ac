using Interlook.Extensions.HAProxy;
using Interlook.Services;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

public sealed class ConfigDocumentTests
{
    private static readonly HAProxyTranslation Ours = new(new HAProxyOptions(), "test");

    [Theory]
    [InlineData("listen theirs\n    bind 127.0.0.1:80\n")]
    [InlineData("\n# Interlook owns this file (format 1) and rewrites it; put sections of your own into another file.\n")]
    [InlineData("# Interlook owns this file (format 2)\n")]
    [InlineData("\u0000\u0001\u0002")]
    public void A_file_without_our_header_is_somebody_elses(string text)
    {
        var failure = Assert.Throws<ExtensionException>(() => ConfigDocument.Parse(text, "test", "the.cfg"));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("the.cfg", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    public void An_empty_file_is_an_empty_document(string text)
    {
        var document = ConfigDocument.Parse(text, "test", "the.cfg");

        Assert.Empty(document.Sections);
        Assert.Equal("", document.Foreign);
    }

    [Fact]
    public void A_file_cut_anywhere_is_read_or_reported_and_never_misread()
    {
        var whole = Render(With("shop", "blog"), "test");

        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                var document = ConfigDocument.Parse(whole[..length], "test", "the.cfg");
                Assert.All(document.Sections.Values, section => Assert.Equal(With("shop", "blog").Sections[section.Key.Path], section));
            }
            catch (ExtensionException failure)
            {
                Assert.Contains("the.cfg", failure.Message, StringComparison.Ordinal);
                Assert.True(failure.Reason is Reason.Malformed or Reason.Conflict);
            }
        }
    }

    [Fact]
    public void Another_instances_sections_and_lines_of_anybody_are_kept_as_they_are()
    {
        var theirs = Render(With("shop"), "other");
        var text = theirs + "\n# a remark\nlisten mine\n    bind 127.0.0.1:9\n";

        var document = ConfigDocument.Parse(text, "test", "the.cfg");
        var again = Render(document, "test");

        Assert.Empty(document.Sections);
        Assert.Contains("listen mine\n    bind 127.0.0.1:9\n", again, StringComparison.Ordinal);
        Assert.Single(ConfigDocument.Parse(again, "other", "the.cfg").Sections);
        Assert.Equal(again, Render(ConfigDocument.Parse(again, "test", "the.cfg"), "test"));
    }

    [Fact]
    public void A_change_of_servers_alone_keeps_the_revision_and_any_other_changes_it()
    {
        var one = With("shop");
        var key = HAProxyTests.Key("shop");
        var scaled = one.With(key, Ours.Section(key, HAProxyTests.Define("shop", "10.0.0.1", new Target("10.1.1.1", 80), new Target("10.1.1.2", 80))));
        var moved = one.With(key, Ours.Section(key, HAProxyTests.Define("shop", "10.0.0.2", new Target("10.1.1.1", 80))));

        Assert.Equal(one.Revision("p"), scaled.Revision("p"));
        Assert.NotEqual(one.Revision("p"), moved.Revision("p"));
        Assert.NotEqual(one.Revision("p"), one.Revision("q"));
        Assert.NotEqual(one.Revision("p"), With("shop", "blog").Revision("p"));
    }

    [Fact]
    public void Names_of_sections_are_safe_and_never_meet()
    {
        var names = OddNames.All
            .SelectMany(name => new[] { new ServiceKey("default", name), new ServiceKey("other", name) })
            .SelectMany(key => new[] { HAProxyTranslation.ProxyName("test", key), HAProxyTranslation.ProxyName("other", key) })
            .ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Matches("^il_[A-Za-z0-9._-]+_[0-9a-f]{12}$", name));
        Assert.All(names, name => Assert.InRange(name.Length, 1, 70));
    }

    [Theory]
    [InlineData("bind 10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("\tbind  10.0.0.1:80,10.0.0.2:81  ssl crt x", "10.0.0.1:80 10.0.0.2:81")]
    [InlineData("bind ipv4@10.0.0.1:80-82", "10.0.0.1:80 10.0.0.1:81 10.0.0.1:82")]
    [InlineData("bind [2001:db8::1]:443 v6only", "[2001:db8::1]:443")]
    [InlineData("bind 2001:db8::1:443", "[2001:db8::1]:443")]
    [InlineData("bind ipv6@2001:db8::1:443", "[2001:db8::1]:443")]
    [InlineData("bind \"10.0.0.1:80\"\r", "10.0.0.1:80")]
    [InlineData("bind :80", "")]
    [InlineData("bind *:80", "")]
    [InlineData("bind unix@/run/x.sock", "")]
    [InlineData("bind 10.0.0.1:${PORT}", "")]
    [InlineData("# bind 10.0.0.1:80", "")]
    [InlineData("bind", "")]
    [InlineData("bind-process 1", "")]
    public void Addresses_bound_elsewhere_are_found(string line, string expected)
    {
        var found = BoundAddresses.In("frontend x\n" + line + "\n");

        Assert.Equal(expected, string.Join(' ', found));
    }

    private static ConfigDocument With(params string[] services) => services.Aggregate(new ConfigDocument(), (document, name) =>
        document.With(HAProxyTests.Key(name), Ours.Section(HAProxyTests.Key(name), HAProxyTests.Define(name, "10.0.0.1", new Target("10.1.1.1", 80)))));

    private static string Render(ConfigDocument document, string instance) =>
        ConfigCandidate.Of(document, new HAProxyTranslation(new HAProxyOptions(), instance), instance, "/run/s.sock").Text;
}
