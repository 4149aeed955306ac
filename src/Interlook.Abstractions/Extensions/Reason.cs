namespace Interlook.Extensions;

/// <summary>Why something failed. A closed set: logs, metrics, API and dashboard show these words.</summary>
public enum Reason
{
    /// <summary>A setting, label or definition cannot be used as it is written.</summary>
    Invalid,

    /// <summary>The outside system refused the request as wrong.</summary>
    Refused,

    /// <summary>The credentials are missing, wrong, or lack a right.</summary>
    Unauthorized,

    /// <summary>Something that we do not own stands in the way: a foreign object, or an address another service holds.</summary>
    Conflict,

    /// <summary>Nothing is left to give: the address range is used up, or a limit is reached.</summary>
    Exhausted,

    /// <summary>No connection: refused, reset, no route, name not found, TLS failed.</summary>
    Unreachable,

    /// <summary>The outside system answers that it cannot serve now: 429, 5xx, no leader.</summary>
    Unavailable,

    /// <summary>No answer within the time allowed.</summary>
    Timeout,

    /// <summary>The answer could not be understood.</summary>
    Malformed,

    /// <summary>A fault of Interlook's own.</summary>
    Internal,
}
