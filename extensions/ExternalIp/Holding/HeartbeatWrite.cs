using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>One heartbeat.</summary>
/// <param name="Number">Names it in the answer.</param>
/// <param name="Expected">The revision of the record that it follows; <see cref="Revision.None"/> creates.</param>
/// <param name="Record">The record.</param>
internal sealed record HeartbeatWrite(long Number, Revision Expected, NodeRecord Record);
