using Interlook.Services;

namespace Interlook.Provisioners;

/// <summary>Something we own outside that no entry wants.</summary>
/// <param name="Subject">What it is, in the outside system's words.</param>
/// <param name="Key">The service its mark names, when it can be read.</param>
public sealed record Orphan(string Subject, ServiceKey? Key);
