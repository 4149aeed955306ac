using Interlook.Engine.Status;

namespace Interlook.Api.Answers;

/// <summary>How a provider does.</summary>
/// <param name="Name"><c>provider.docker</c>.</param>
/// <param name="Synced">True while its watch runs and is in step with the platform.</param>
/// <param name="LastSync">When the last snapshot came.</param>
/// <param name="Services">How many services it publishes.</param>
/// <param name="Rejections">What asks for publication and cannot have it.</param>
/// <param name="HeldWithdrawals">Services kept until their withdrawal is confirmed or approved.</param>
/// <param name="Reason">Why the watch failed.</param>
/// <param name="Message">The same in words.</param>
internal sealed record ProviderAnswer(
    string Name,
    bool Synced,
    DateTime? LastSync,
    int Services,
    RejectionAnswer[] Rejections,
    string[] HeldWithdrawals,
    string? Reason,
    string? Message)
{
    public static ProviderAnswer Of(ProviderStatus status) => new(
        status.Name,
        status.Synced,
        status.LastSync?.UtcDateTime,
        status.Services,
        [.. status.Rejections.Select(rejection => new RejectionAnswer(rejection.Subject, rejection.Problem))],
        [.. status.HeldWithdrawals],
        status.Reason?.ToString(),
        status.Message);
}
