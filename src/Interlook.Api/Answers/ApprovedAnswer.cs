namespace Interlook.Api.Answers;

/// <summary>Held withdrawals were taken.</summary>
/// <param name="Provider">The provider they were held for.</param>
/// <param name="Withdrawn">How many services are undeployed now.</param>
internal sealed record ApprovedAnswer(string Provider, int Withdrawn);
