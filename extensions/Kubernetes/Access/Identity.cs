namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Who we say we are at one moment. A class of its own text: it prints nothing of what it holds.</summary>
internal sealed class Identity
{
    /// <summary>Nobody: the server decides what an unknown caller may do.</summary>
    internal static Identity Anonymous { get; } = new();

    /// <summary>The value of the header <c>Authorization</c> of every request; null for none.</summary>
    internal string? Authorization { get; init; }

    /// <summary>The client certificate with its intermediates, PEM; null for none.</summary>
    internal string? Certificate { get; init; }

    /// <summary>The certificate's key, PEM.</summary>
    internal string? Key { get; init; }

    /// <summary>The header for a token.</summary>
    /// <param name="token">The token; blanks around it do not count.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <exception cref="ExtensionException">It cannot be sent as a header.</exception>
    internal static string Bearer(string token, string origin)
    {
        var text = token.Trim();
        return text != "" && text.All(letter => letter is > ' ' and < '\x7f')
            ? $"Bearer {text}"
            : throw new ExtensionException(
                Reason.Invalid, $"the token of {origin} is no token: it is empty or holds blanks or letters that are not ASCII; correct it");
    }
}
