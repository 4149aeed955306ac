using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>What became of a compare-and-set.</summary>
/// <param name="Outcome">Written, or why not.</param>
/// <param name="Revision">The record's new revision when it was written; of no meaning otherwise.</param>
internal readonly record struct WriteResult(WriteOutcome Outcome, Revision Revision = default)
{
    internal bool IsWritten => Outcome == WriteOutcome.Written;
}

/// <summary>The answers a store gives; anything else is a fault, and then nobody knows whether it was written.</summary>
internal enum WriteOutcome
{
    /// <summary>It stands in the store.</summary>
    Written,

    /// <summary>The record was changed since.</summary>
    Conflict,

    /// <summary>There is no such record.</summary>
    Missing,

    /// <summary>There is one already.</summary>
    Exists,
}
