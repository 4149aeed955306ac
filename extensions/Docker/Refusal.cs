using Interlook.Providers;

namespace Interlook.Extensions.Docker;

/// <summary>Something that a container asks for and cannot have.</summary>
/// <param name="Ask">Who asks, as <see cref="ServicePart.Ask"/> says it: a part that came of the same question before stays, without targets.</param>
/// <param name="Rejection">Why, for people.</param>
internal sealed record Refusal(string Ask, Rejection Rejection);
