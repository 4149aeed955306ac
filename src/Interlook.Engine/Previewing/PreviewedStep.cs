using Interlook.Services;

namespace Interlook.Engine.Previewing;

/// <summary>One call that would be made.</summary>
/// <param name="Service">For which service.</param>
/// <param name="Step">Of which provisioner.</param>
/// <param name="Action">What it would do.</param>
/// <param name="Reason">Why, in words: <c>target 10.0.0.2:80 is new</c>.</param>
public sealed record PreviewedStep(ServiceKey Service, string Step, PreviewAction Action, string Reason);
