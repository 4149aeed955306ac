namespace Interlook.Extensions.TcpBalancer.Loop;

/// <summary>A client that was accepted and has no relay yet.</summary>
/// <param name="Listener">Where it came in.</param>
/// <param name="Socket">Its connection.</param>
/// <param name="Peer">Its address, when targets are told; else null.</param>
internal readonly record struct Arrival(ServiceListener Listener, int Socket, byte[]? Peer);
