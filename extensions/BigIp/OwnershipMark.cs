using Interlook.Services;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// How an object says whose it is: in its description, <c>interlook instance=NAME key=WORKFLOW%2FSERVICE</c> and the operator's own text. A
/// node may serve several services and has no key.
/// </summary>
/// <param name="instance">Who we are.</param>
/// <param name="suffix">The operator's text; may be empty.</param>
internal sealed class OwnershipMark(string instance, string suffix)
{
    private const string Head = "interlook instance=";
    private const string KeyHead = "key=";

    private readonly string tail = suffix == "" ? "" : $" {suffix}";

    internal string Of(ServiceKey key) => $"{Head}{instance} {KeyHead}{Uri.EscapeDataString(key.Path)}{tail}";

    internal string OfNode => $"{Head}{instance}{tail}";

    /// <summary>True when a description bears the mark of this Interlook.</summary>
    internal bool IsOurs(string? description) => Words(description) is [_, var owner, ..] && owner == $"instance={instance}";

    /// <summary>True when it bears our mark for this service.</summary>
    internal bool IsOf(ServiceKey key, string? description) => KeyOf(description) == key;

    /// <summary>The service that our mark names; null without our mark or without a service.</summary>
    internal ServiceKey? KeyOf(string? description) =>
        IsOurs(description)
        && Words(description) is [_, _, ['k', 'e', 'y', '=', .. var text], ..]
        && ServiceKey.TryParsePath(Uri.UnescapeDataString(text), out var key)
            ? key
            : null;

    private static string[] Words(string? description) =>
        description is not null && description.StartsWith(Head, StringComparison.Ordinal) ? description.Split(' ') : [];
}
