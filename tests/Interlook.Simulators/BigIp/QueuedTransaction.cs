using System.Collections.Immutable;

namespace Interlook.Simulators.BigIp;

/// <summary>A transaction that is not committed yet.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Start">When it began.</param>
/// <param name="Commands">What is to be done, in order.</param>
internal sealed record QueuedTransaction(long Id, DateTimeOffset Start, ImmutableArray<ApiCall> Commands);
