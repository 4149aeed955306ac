using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Entries;

/// <summary>What one step of a workflow has done for one service.</summary>
/// <param name="Step">The provisioner, <c>dns.consul</c>.</param>
/// <param name="Given">The definition the last acknowledged call was given; null when none was acknowledged.</param>
/// <param name="Acknowledged">What that call returned: what is applied outside; null when none was acknowledged.</param>
/// <param name="Attempted">
/// Definitions sent since and not acknowledged: a call in flight, or attempts that failed. They may have left something outside.
/// </param>
public sealed record StepRecord(
    string Step,
    ServiceDefinition? Given,
    ServiceDefinition? Acknowledged,
    EquatableArray<ServiceDefinition> Attempted)
{
    /// <summary>Every definition that may have left something outside: the acknowledged one first.</summary>
    public EquatableArray<ServiceDefinition> Earlier => Acknowledged is null ? Attempted : [Acknowledged, .. Attempted.Where(a => a != Acknowledged)];
}
