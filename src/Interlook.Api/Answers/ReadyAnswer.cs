namespace Interlook.Api.Answers;

/// <summary>Whether every provider has delivered its first snapshot.</summary>
/// <param name="Ready">True once all have.</param>
/// <param name="WaitingFor">The providers that have not.</param>
internal sealed record ReadyAnswer(bool Ready, string[] WaitingFor);
