namespace Interlook.Simulators.BigIp;

/// <summary>What a login gave out.</summary>
/// <param name="Text">What calls bear.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Provider">Who knows the user.</param>
/// <param name="Start">When it was given.</param>
/// <param name="Timeout">How long it lives, in seconds from its start.</param>
internal sealed record LoginToken(string Text, string User, string Provider, DateTimeOffset Start, int Timeout)
{
    internal DateTimeOffset End => Start + TimeSpan.FromSeconds(Timeout);
}
