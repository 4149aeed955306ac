using System.Security.Cryptography;
using System.Text;
using Interlook.Provisioners;
using Xunit;

namespace Interlook.Abstractions.Tests.Provisioners;

public sealed class NameDigestTests
{
    /// <summary>The examples of FIPS 180-2, appendix B, and the empty message.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_examples_of_the_standard_come_out(string text, string digest) => Assert.Equal(digest, NameDigest.Hex(text, 64));

    [Fact]
    public void Every_length_around_the_blocks_gives_what_the_runtime_gives()
    {
        var random = new Random(20);
        for (var length = 0; length < 400; length++)
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('!', 'ÿ')));

            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(text)), NameDigest.Of(text));
        }
    }
}
