using System.Net;

namespace Interlook.Extensions.GestioIP.Wire;

/// <summary>A network as GestioIP shows it.</summary>
/// <param name="Address">Its own address.</param>
/// <param name="PrefixLength">Its mask.</param>
/// <param name="IsRoot">True for one that only holds others: its addresses cannot be reserved.</param>
internal sealed record WireNetwork(IPAddress Address, int PrefixLength, bool IsRoot);
