using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>One compare-and-set of an address pool's list of what is allocated.</summary>
internal sealed record PoolWrite(string Name, Revision Expected, ClaimPool Value);
