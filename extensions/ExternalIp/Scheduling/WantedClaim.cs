using Interlook.Collections;
using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>A claim that shall exist.</summary>
/// <param name="Address">What it is named for.</param>
/// <param name="Pool">The address pool; null for an address written by hand.</param>
/// <param name="Services">The Services that want it, in order; none when only an entry of an Interlook does.</param>
internal sealed record WantedClaim(ClaimAddress Address, string? Pool, EquatableArray<string> Services);
