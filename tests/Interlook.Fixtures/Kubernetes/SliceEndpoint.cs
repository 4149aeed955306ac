namespace Interlook.Fixtures.Kubernetes;

/// <summary>One endpoint of a slice that a test makes.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Ready">Whether it takes traffic; null leaves it open, which readers are to take for true.</param>
/// <param name="Node">The node it is on.</param>
/// <param name="Zone">The zone that node is in.</param>
/// <param name="Serving">Whether it answers though it ends; only <c>v1</c> keeps it.</param>
/// <param name="Terminating">Whether it ends; only <c>v1</c> keeps it.</param>
public sealed record SliceEndpoint(
    string Address, bool? Ready = true, string? Node = null, string? Zone = null, bool? Serving = null, bool? Terminating = null);
