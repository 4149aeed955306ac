namespace Interlook.Extensions.Etcd.Wire;

/// <summary>Asks for a token.</summary>
internal sealed record WireCredentials(string Name, string Password);

/// <summary>The token.</summary>
internal sealed record WireToken
{
    public string Token { get => field ?? ""; init; }
}

/// <summary>A refusal: the code is gRPC's.</summary>
internal sealed record WireProblem
{
    internal const int NotFound = 5;

    internal const int ResourceExhausted = 8;

    internal const int FailedPrecondition = 9;

    public string? Message { get; init; }

    public string? Error { get; init; }

    public int Code { get; init; }
}
