using Interlook.Collections;

namespace Interlook.Provisioners;

/// <summary>How a deployed service fares.</summary>
/// <param name="Remark">What an operator should know in a sentence, <c>no healthy target</c>; null when all is well.</param>
/// <param name="Targets">Its targets, in canonical order, and those that are still draining.</param>
public sealed record ServiceCondition(string? Remark, EquatableArray<TargetCondition> Targets);
