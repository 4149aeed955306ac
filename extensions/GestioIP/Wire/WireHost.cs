using System.Net;

namespace Interlook.Extensions.GestioIP.Wire;

/// <summary>A host as GestioIP shows it: an address that is taken.</summary>
/// <param name="Address">The address.</param>
/// <param name="Hostname">Its name, for messages.</param>
/// <param name="Comment">Its comment, where our tag stands.</param>
internal sealed record WireHost(IPAddress Address, string Hostname, string Comment);
