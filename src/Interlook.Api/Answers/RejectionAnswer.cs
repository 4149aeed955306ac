namespace Interlook.Api.Answers;

/// <summary>Something that asks for publication and cannot have it.</summary>
/// <param name="Subject">What it is, in the platform's words.</param>
/// <param name="Problem">Why, and what to change.</param>
internal sealed record RejectionAnswer(string Subject, string Problem);
