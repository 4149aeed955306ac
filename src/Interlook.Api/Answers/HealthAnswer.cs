namespace Interlook.Api.Answers;

/// <summary>Whether every extension reaches its system.</summary>
/// <param name="Status"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Extensions">Each extension; one that is not connected says why.</param>
internal sealed record HealthAnswer(string Status, ExtensionAnswer[] Extensions);
