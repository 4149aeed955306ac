using Interlook.Extensions.Etcd.Wire;

namespace Interlook.Extensions.Etcd;

/// <summary>What etcd v2 answered: the node, or why not.</summary>
/// <param name="Code">0, or one of the error codes that callers decide by.</param>
/// <param name="Node">The node.</param>
/// <param name="Index">etcd's index; null when it said none.</param>
internal sealed record OldEtcdAnswer(int Code, WireNode? Node, long? Index);
