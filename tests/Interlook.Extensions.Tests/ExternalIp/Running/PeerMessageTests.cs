using System.Security.Cryptography;
using Interlook.Extensions.ExternalIp.Running;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>The datagrams between nodes, byte by byte.</summary>
public sealed class PeerMessageTests
{
    private readonly byte[] key = RandomNumberGenerator.GetBytes(PeerMessage.KeyLength);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_question_and_its_answer_are_read_as_they_were_written(bool hasContact)
    {
        var question = PeerMessage.Ask();

        var asked = PeerMessage.Read(question.Write(key));
        var answered = PeerMessage.Read(asked!.Value.Answer(hasContact).Write(key));

        Assert.Equal(question, asked);
        Assert.Equal(new PeerMessage(hasContact ? PeerMessage.Kinds.Contact : PeerMessage.Kinds.NoContact, question.Nonce), answered);
    }

    [Fact]
    public void No_two_questions_are_the_same() => Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => PeerMessage.Ask()).Distinct().Count());

    [Fact]
    public void A_message_that_was_changed_anywhere_is_not_sealed()
    {
        var datagram = PeerMessage.Ask().Answer(false).Write(key);
        Assert.True(PeerMessage.IsSealedWith(datagram, key));

        for (var at = 0; at < datagram.Length; at++)
        {
            foreach (var bit in (byte[])[1, 16, 128])
            {
                var changed = (byte[])datagram.Clone();
                changed[at] ^= bit;

                Assert.True(PeerMessage.Read(changed) is null || !PeerMessage.IsSealedWith(changed, key), $"byte {at}");
            }
        }
    }

    [Fact]
    public void A_message_of_another_key_is_not_sealed() =>
        Assert.False(PeerMessage.IsSealedWith(PeerMessage.Ask().Write(key), RandomNumberGenerator.GetBytes(PeerMessage.KeyLength)));

    [Fact]
    public void Every_other_length_says_nothing()
    {
        var datagram = PeerMessage.Ask().Write(key);

        for (var length = 0; length < datagram.Length; length++)
            Assert.Null(PeerMessage.Read(datagram.AsSpan(0, length)));
        Assert.Null(PeerMessage.Read([.. datagram, 0]));
        Assert.Null(PeerMessage.Read(new byte[65507]));
    }

    [Fact]
    public void Bytes_by_chance_say_nothing()
    {
        var chance = new Random(1);
        var datagram = new byte[PeerMessage.Length];

        for (var i = 0; i < 10_000; i++)
        {
            chance.NextBytes(datagram);
            Assert.Null(PeerMessage.Read(datagram));
        }
    }
}
