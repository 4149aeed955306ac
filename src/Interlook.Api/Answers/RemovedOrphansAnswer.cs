namespace Interlook.Api.Answers;

/// <summary>Orphans are being taken back.</summary>
/// <param name="Services">How many services' objects they are.</param>
internal sealed record RemovedOrphansAnswer(int Services);
