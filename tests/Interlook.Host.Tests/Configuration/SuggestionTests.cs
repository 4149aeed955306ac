using Interlook.Host.Configuration;
using Xunit;

namespace Interlook.Host.Tests.Configuration;

public sealed class SuggestionTests
{
    private static readonly string[] Known = ["listenPort", "listenAddress", "logLevel", "tls"];

    [Theory]
    [InlineData("lisenport", "listenPort")]
    [InlineData("listenProt", "listenPort")]
    [InlineData("LOGLEVLE", "logLevel")]
    [InlineData("tsl", "tls")]
    public void A_typing_error_is_recognised(string written, string meant) => Assert.Equal(meant, Suggestion.Nearest(written, Known));

    [Theory]
    [InlineData("colour")]
    [InlineData("ip")]
    [InlineData("")]
    public void A_different_word_is_left_alone(string written) => Assert.Null(Suggestion.Nearest(written, Known));
}
