using System.Net.NetworkInformation;

namespace Interlook.Fixtures.Networks;

/// <summary>From some moment on somebody answers.</summary>
/// <param name="Hardware">Who.</param>
/// <param name="Since">When the question was asked that was answered first.</param>
public sealed record AnswerTurn(PhysicalAddress Hardware, TimeSpan Since);
