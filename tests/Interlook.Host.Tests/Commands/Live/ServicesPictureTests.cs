using System.Text.Json;
using Interlook.Host.Commands;
using Interlook.Host.Commands.Live;
using Xunit;

namespace Interlook.Host.Tests.Commands.Live;

public sealed class ServicesPictureTests
{
    private readonly ServicesPicture picture = new((_, _) => true);

    [Fact]
    public void Services_stand_in_the_order_of_their_names()
    {
        Take("services", $$"""{"shop":{{Entry("deployed")}},"mail":{{Entry("lb.haproxy", "taken")}}}""");

        Assert.Equal(
            """
            NAME  STATE                ADDRESS  HOSTS  TARGETS  UPDATED  REMARK
            mail  lb.haproxy (failed)                                    taken
            shop  deployed

            """,
            Draw());
    }

    [Fact]
    public void When_there_are_too_many_those_that_are_not_at_rest_go_first()
    {
        Take("services", $$"""{"a":{{Entry("deployed")}},"b":{{Entry("deployed")}},"c":{{Entry("ipam.ipalloc")}},"d":{{Entry("lb.haproxy", "taken")}}}""");

        Assert.Equal(
            """
            NAME  STATE                ADDRESS  HOSTS  TARGETS  UPDATED  REMARK
            d     lb.haproxy (failed)                                    taken
            c     ipam.ipalloc
            and 2 more

            """,
            Draw(height: 4));
    }

    [Fact]
    public void A_cold_start_of_many_services_has_a_progress_bar_until_nothing_is_on_its_way()
    {
        Take("overview", Counts(expected: 1_000, deployed: 250, failed: 3, waiting: 747));
        var during = Draw();
        Take("overview", Counts(expected: 1_000, deployed: 960, failed: 3, waiting: 37));
        var nearTheEnd = Draw();
        Take("overview", Counts(expected: 1_000, deployed: 997, failed: 3, waiting: 0));
        var after = Draw();

        Assert.Equal("━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ deployed 250 of 1,000, failed 3", during.Split('\n')[0]);
        Assert.Contains("deployed 960 of 1,000, failed 3", nearTheEnd, StringComparison.Ordinal);
        Assert.DoesNotContain("━", after, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_services_on_their_way_have_none()
    {
        Take("overview", Counts(expected: 1_000, deployed: 900, failed: 0, waiting: 100));

        Assert.DoesNotContain("━", Draw(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_stream_is_told_until_the_next_event()
    {
        picture.Note("no Interlook answers");
        var broken = Draw();
        Take("reset", "{}");

        Assert.StartsWith("no Interlook answers\n", broken, StringComparison.Ordinal);
        Assert.StartsWith("NAME", Draw(), StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_new_beginning_what_was_not_named_again_is_gone()
    {
        Take("services", $$"""{"shop":{{Entry("deployed")}},"mail":{{Entry("deployed")}}}""");

        Take("reset", "{}");
        var again = Take("services", $$"""{"shop":{{Entry("deployed")}}}""");
        var gone = Take("ready", "{}");

        Assert.Empty(again);
        Assert.Equal([("mail", null)], gone);
    }

    private static string Entry(string state, string? error = null) =>
        $$"""{"state":"{{state}}","expected_state":"deployed"{{(error is null ? "" : $",\"error\":\"{error}\"")}}}""";

    private static string Counts(int expected, int deployed, int failed, int waiting) =>
        $$"""{"entries":{"total":{{expected}},"expected":{{expected}},"deployed":{{deployed}},"undeployed":0,"working":0,"failed":{{failed}},"waiting":{{waiting}} } }""";

    private IReadOnlyList<(string Name, ServiceRow? Row)> Take(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        return picture.Take(new LiveEvent(name, document.RootElement));
    }

    private string Draw(int height = 25) => Screen.Plain(picture.Draw(height));
}
