namespace Interlook.Simulators;

/// <summary>One request that reached an appliance.</summary>
/// <param name="At">When it came.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path with query.</param>
/// <param name="Body">Its body, as text.</param>
public sealed record Call(DateTimeOffset At, string Method, string Path, string Body);
