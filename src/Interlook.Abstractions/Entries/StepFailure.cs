using Interlook.Extensions;

namespace Interlook.Entries;

/// <summary>Why an entry does not get on.</summary>
/// <param name="Step">The step that failed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">What failed, at which system, and what to do.</param>
/// <param name="Attempts">How often in a row; decides the back-off.</param>
public sealed record StepFailure(string Step, Reason Reason, string Message, int Attempts);
