using Interlook.Services;

namespace Interlook.Provisioners;

/// <summary>How one target of a service fares.</summary>
/// <param name="Target">The target.</param>
/// <param name="Health">Whether it gets traffic.</param>
/// <param name="Problem">Why it is not healthy, in words; null when it is.</param>
/// <param name="Traffic">What it carried.</param>
public sealed record TargetCondition(Target Target, TargetHealth Health, string? Problem, Traffic Traffic);
