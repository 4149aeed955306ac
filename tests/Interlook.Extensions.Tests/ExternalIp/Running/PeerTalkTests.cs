using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>Two nodes that talk over the loopback, and somebody who interferes.</summary>
public sealed class PeerTalkTests : IDisposable
{
    private static readonly TimeSpan At = TimeSpan.FromSeconds(7);

    private readonly CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public PeerTalkTests() => patience.CancelAfter(TimeSpan.FromSeconds(30));

    public static TheoryData<string> Families => ["127.0.0.1", "::1"];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task An_answer_comes_back_with_the_moment_of_its_question(string family)
    {
        using var one = Open(family);
        using var other = Open(family);

        one.Ask("other", other.Identity, At);
        var asked = Assert.IsType<PeerNews.Asked>(await NextAsync(other));
        other.Answer(asked, hasContact: false);

        Assert.Equal(new PeerNews.Answered("other", At, false), await NextAsync(one));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task What_is_not_sealed_with_the_right_key_is_passed_over(string family)
    {
        using var one = Open(family);
        using var other = Open(family);
        using var stranger = PeerTalk.Open(0);
        var to = new IPEndPoint(IPAddress.Parse(family) is { AddressFamily: AddressFamily.InterNetwork } plain ? plain.MapToIPv6() : IPAddress.IPv6Loopback, other.Identity.Port!.Value);

        stranger.SendTo(PeerMessage.Ask().Write(RandomNumberGenerator.GetBytes(32)), to);
        stranger.SendTo(RandomNumberGenerator.GetBytes(PeerMessage.Length), to);
        stranger.SendTo(new byte[9000], to);
        stranger.SendTo([], to);
        one.Ask("other", other.Identity with { Key = Convert.ToBase64String(new byte[32]) }, At);
        one.Ask("other", other.Identity, At);

        // The first that is told is the last that was sent.
        var asked = Assert.IsType<PeerNews.Asked>(await NextAsync(other));
        other.Answer(asked, hasContact: true);
        Assert.Equal(new PeerNews.Answered("other", At, true), await NextAsync(one));
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_for_a_question_that_was_asked()
    {
        using var one = Open("127.0.0.1");
        using var other = Open("127.0.0.1");
        one.Ask("other", other.Identity, At);
        var asked = Assert.IsType<PeerNews.Asked>(await NextAsync(other));

        other.Answer(asked with { Question = PeerMessage.Ask() }, hasContact: false);
        other.Answer(asked, hasContact: false);
        other.Answer(asked, hasContact: false);
        one.Ask("other", other.Identity, At + At);
        other.Answer(Assert.IsType<PeerNews.Asked>(await NextAsync(other)), hasContact: false);

        Assert.Equal(new PeerNews.Answered("other", At, false), await NextAsync(one));
        Assert.Equal(new PeerNews.Answered("other", At + At, false), await NextAsync(one));
    }

    [Theory]
    [InlineData(null, 1, "")]
    [InlineData("10.0.0.300", 1, "")]
    [InlineData("127.0.0.1", 0, "")]
    [InlineData("127.0.0.1", 70000, "")]
    [InlineData("127.0.0.1", 1, null)]
    [InlineData("127.0.0.1", 1, "c2hvcnQ=")]
    [InlineData("127.0.0.1", 1, "not base64")]
    [InlineData("127.0.0.1", 1, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public async Task A_record_that_says_nothing_useful_is_not_asked(string? address, int port, string? key)
    {
        using var one = Open("127.0.0.1");
        using var other = Open("127.0.0.1");

        one.Ask("broken", new() { Address = address, Port = port, Key = key }, At);
        one.Ask("other", other.Identity, At);

        other.Answer(Assert.IsType<PeerNews.Asked>(await NextAsync(other)), hasContact: true);
        Assert.Equal(new PeerNews.Answered("other", At, true), await NextAsync(one));
    }

    [Fact]
    public void Not_more_questions_are_answered_than_peers_can_have()
    {
        var time = new ManualTimeProvider();
        var budget = new AnswerBudget(time);

        var granted = Enumerable.Range(0, AnswerBudget.MostInSecond * 2).Count(_ => budget.TrySpend());
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(AnswerBudget.MostInSecond, granted);
        Assert.True(budget.TrySpend());
    }

    [Fact]
    public void Of_one_peer_only_the_newest_questions_are_kept()
    {
        var questions = new OpenQuestions();

        for (var i = 0; i <= OpenQuestions.MostOfOne; i++)
            questions.Add((UInt128)i, new("peer", [], At));

        Assert.Null(questions.Find(0));
        Assert.NotNull(questions.Find(1));
    }

    public void Dispose() => patience.Dispose();

    private static PeerTalk Open(string family) => new(PeerTalk.Open(0), IPAddress.Parse(family), TimeProvider.System);

    private async Task<PeerNews> NextAsync(PeerTalk talk)
    {
        await foreach (var news in talk.HearAsync(patience.Token))
            return news;
        throw new InvalidOperationException("it never ends by itself");
    }
}
