namespace Interlook.Extensions.EmbeddedDns.Messages;

/// <summary>How a query ended (IANA's list of DNS RCODEs), in the words that the metrics show.</summary>
internal enum ResponseCode
{
    /// <summary>Answered, perhaps without records.</summary>
    NoError = 0,

    /// <summary>The message cannot be read.</summary>
    FormErr = 1,

    /// <summary>No resolver answered.</summary>
    ServFail = 2,

    /// <summary>The name does not exist.</summary>
    NXDomain = 3,

    /// <summary>Another opcode than a query's, or an obsolete type.</summary>
    NotImp = 4,

    /// <summary>Not a name of ours, a transfer, or another class.</summary>
    Refused = 5,

    /// <summary>A signature, and we have no keys (RFC 8945 section 5.2.1).</summary>
    NotAuth = 9,

    /// <summary>A version of EDNS that nobody knows yet (RFC 6891 section 6.1.3).</summary>
    BadVers = 16,
}
