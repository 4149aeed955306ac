namespace Interlook.Extensions;

/// <summary>
/// The one way an extension fails. Made where the fault is met, from a type or a status, never from message text.
/// </summary>
/// <param name="reason">Why.</param>
/// <param name="message">
/// What failed, for which service or key, at which system, and what to do next; one line, without secrets.
/// </param>
/// <param name="retryAfter">How long the outside system asked us to wait; null when it said nothing.</param>
/// <param name="innerException">What was caught, when something was.</param>
public sealed class ExtensionException(
    Reason reason,
    string message,
    TimeSpan? retryAfter = null,
    Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why it failed.</summary>
    public Reason Reason => reason;

    /// <summary>The least time to wait before trying again, when the outside system named one (HTTP Retry-After).</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
