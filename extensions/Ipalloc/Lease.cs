using System.Net;
using Interlook.Services;

namespace Interlook.Extensions.Ipalloc;

/// <summary>One address lease, as it is stored under its address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Holder">The service.</param>
internal sealed record Lease(IPAddress Address, ServiceKey Holder);
