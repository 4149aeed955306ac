using System.Net;

namespace Interlook.Extensions.Ipalloc;

/// <summary>One address lease, as it is stored under its address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Holder">The service, as <see cref="Services.ServiceKey.Path"/> writes it.</param>
internal sealed record Lease(IPAddress Address, string Holder);
