using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.BigIp;

/// <summary>What a caller wants done for a service.</summary>
/// <param name="Key">The service.</param>
/// <param name="Name">The name of its objects.</param>
/// <param name="Wanted">What shall be there; null for nothing.</param>
/// <param name="Former">Addresses of targets that it may have had, and that may have left nodes.</param>
internal sealed record ServiceChange(ServiceKey Key, string Name, WantedService? Wanted, EquatableArray<RoutedAddress> Former);
