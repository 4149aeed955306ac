using System.Net.Sockets;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// Opens a socket: <see cref="KernelCalls.Open"/>, or the same in another network namespace. A socket stays in the namespace it was opened
/// in, so this is the only call that has to know of one.
/// </summary>
internal delegate SafeSocketHandle OpenSocket(int family, int type, int protocol);
