namespace Interlook.Bench;

/// <summary>One measured figure, beside what it is held against.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Goal">What is promised, in words; empty for a floor.</param>
/// <param name="Met">Whether the goal is met; null for a floor.</param>
/// <param name="Floor">What the same machine does at least, measured in the same run; null when the goal is absolute.</param>
internal sealed record Figure(string Name, double Value, string Unit, string Goal = "", bool? Met = null, double? Floor = null);
