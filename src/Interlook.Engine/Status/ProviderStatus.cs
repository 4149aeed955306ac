using Interlook.Collections;
using Interlook.Extensions;
using Interlook.Providers;

namespace Interlook.Engine.Status;

/// <summary>How a provider does.</summary>
/// <param name="Name"><c>provider.docker</c>.</param>
/// <param name="Synced">True while its watch runs and has delivered a snapshot since it was opened.</param>
/// <param name="LastSync">When the last snapshot came; null before the first.</param>
/// <param name="Services">How many services it publishes.</param>
/// <param name="Rejections">What asks for publication and cannot have it.</param>
/// <param name="HeldWithdrawals">Services that a snapshot no longer named and that are kept until it is confirmed or approved.</param>
/// <param name="Reason">Why the watch failed last; null while it runs.</param>
/// <param name="Message">The same in words.</param>
public sealed record ProviderStatus(
    string Name,
    bool Synced,
    DateTimeOffset? LastSync,
    int Services,
    EquatableArray<Rejection> Rejections,
    EquatableArray<string> HeldWithdrawals,
    Reason? Reason,
    string? Message);
