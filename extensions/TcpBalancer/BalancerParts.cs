using Interlook.Extensions.TcpBalancer.Loop;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>What every service of the balancer shares.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Loops">The threads that carry connections.</param>
/// <param name="Changes">Where changes of condition are noted.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance, for the moments of checks.</param>
/// <param name="Logger">Where it logs.</param>
internal sealed record BalancerParts(
    TcpBalancerOptions Options, RelayLoops Loops, ConditionChanges Changes, TimeProvider Time, Random Random, ILogger Logger);
