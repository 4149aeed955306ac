namespace Interlook.Api.Answers;

/// <summary>A command was taken.</summary>
/// <param name="Service">The entry it is for, as GET /services names it.</param>
/// <param name="Entry">The entry at that moment; absent when the refresh removed it.</param>
internal sealed record AcceptedAnswer(string Service, ServiceAnswer? Entry);
