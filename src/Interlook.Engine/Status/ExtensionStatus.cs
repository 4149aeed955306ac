using Interlook.Extensions;

namespace Interlook.Engine.Status;

/// <summary>How an extension does.</summary>
/// <param name="Name"><c>lb.haproxy</c>.</param>
/// <param name="Connected">True when its last check succeeded.</param>
/// <param name="Reason">Why it is not connected; null when it is.</param>
/// <param name="Message">The same in words; null when it is connected.</param>
/// <param name="LastGood">When a check last succeeded; null before the first.</param>
/// <param name="Waiting">How many services wait for it (a provisioner's queue).</param>
/// <param name="Orphans">What bears our mark outside and no entry wants, as of the last resync.</param>
public sealed record ExtensionStatus(
    string Name,
    bool Connected,
    Reason? Reason,
    string? Message,
    DateTimeOffset? LastGood,
    int Waiting,
    Interlook.Collections.EquatableArray<string> Orphans);
