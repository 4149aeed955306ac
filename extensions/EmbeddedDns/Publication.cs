using System.Net;
using Interlook.Collections;

namespace Interlook.Extensions.EmbeddedDns;

/// <summary>What a service has in DNS.</summary>
/// <param name="Names">Its names, canonical; at least one.</param>
/// <param name="Address">The address they lead to.</param>
/// <param name="Tls">True when it speaks TLS: its SRV records are then those of HTTPS.</param>
internal sealed record Publication(EquatableArray<string> Names, IPAddress Address, bool Tls);
