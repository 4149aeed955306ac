using Interlook.Engine.Status;

namespace Interlook.Api.Answers;

/// <summary>How an extension does.</summary>
/// <param name="Name"><c>lb.haproxy</c>.</param>
/// <param name="Connected">True when its last check succeeded.</param>
/// <param name="Reason">Why it is not connected.</param>
/// <param name="Message">The same in words.</param>
/// <param name="LastGood">When a check last succeeded.</param>
/// <param name="Waiting">How many services wait for it.</param>
/// <param name="Orphans">What bears our mark outside and no entry wants.</param>
internal sealed record ExtensionAnswer(
    string Name,
    bool Connected,
    string? Reason,
    string? Message,
    DateTime? LastGood,
    int Waiting,
    string[] Orphans)
{
    public static ExtensionAnswer Of(ExtensionStatus status) => new(
        status.Name,
        status.Connected,
        status.Reason?.ToString(),
        status.Message,
        status.LastGood?.UtcDateTime,
        status.Waiting,
        [.. status.Orphans]);
}
