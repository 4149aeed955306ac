namespace Interlook.Extensions.BigIp.Wire;

/// <summary>Asks for a token.</summary>
internal sealed record WireLogin(string Username, string Password, string LoginProviderName);

/// <summary>The answer to it.</summary>
internal sealed record WireLoginAnswer
{
    public WireToken? Token { get; init; }
}

/// <summary>A token.</summary>
internal sealed record WireToken
{
    public string? Token { get; init; }

    /// <summary>How long it lives, in seconds.</summary>
    public int? Timeout { get; init; }
}
