using Interlook.Services;

namespace Interlook.Extensions.HAProxy;

/// <summary>What a caller wants of one service's section.</summary>
/// <param name="Key">Whose section.</param>
/// <param name="Section">As it shall be; null removes it.</param>
internal sealed record SectionChange(ServiceKey Key, ServiceSection? Section);
