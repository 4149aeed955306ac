using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>The removal of a node's record: of a node that is gone for good.</summary>
/// <param name="Name">The node.</param>
/// <param name="Expected">The revision that was seen all the time: a heartbeat since makes the removal lose.</param>
internal sealed record NodeWrite(string Name, Revision Expected);
