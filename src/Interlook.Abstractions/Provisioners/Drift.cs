using Interlook.Services;

namespace Interlook.Provisioners;

/// <summary>One service that drifted.</summary>
/// <param name="Key">Whose objects.</param>
/// <param name="Difference">What differs, in words: <c>registration of app.service.consul is missing</c>.</param>
public sealed record Drift(ServiceKey Key, string Difference);
