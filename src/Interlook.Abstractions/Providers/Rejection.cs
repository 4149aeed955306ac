namespace Interlook.Providers;

/// <summary>Something on a platform that asks for publication and cannot have it.</summary>
/// <param name="Subject">What was looked at, in the platform's words: <c>container web-1</c>, <c>service shop</c>, <c>file shop.yml</c>.</param>
/// <param name="Problem">Why, and what to change.</param>
public sealed record Rejection(string Subject, string Problem);
