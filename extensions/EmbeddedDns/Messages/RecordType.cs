namespace Interlook.Extensions.EmbeddedDns.Messages;

/// <summary>The record types that are treated apart (IANA's list of DNS parameters).</summary>
internal enum RecordType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server.</summary>
    NS = 2,

    /// <summary>The start of a zone.</summary>
    SOA = 6,

    /// <summary>The name of an address.</summary>
    PTR = 12,

    /// <summary>What a host is; the answer to ANY (RFC 8482).</summary>
    HINFO = 13,

    /// <summary>An IPv6 address.</summary>
    AAAA = 28,

    /// <summary>Where a service is (RFC 2782).</summary>
    SRV = 33,

    /// <summary>The pseudo record of EDNS (RFC 6891).</summary>
    OPT = 41,

    /// <summary>The digest of a child zone's key; it is the parent's (RFC 4035 section 3.1.4.1).</summary>
    DS = 43,

    /// <summary>A transaction's signature (RFC 8945).</summary>
    TSIG = 250,

    /// <summary>What changed in a zone.</summary>
    IXFR = 251,

    /// <summary>A whole zone.</summary>
    AXFR = 252,

    /// <summary>Everything (RFC 8482).</summary>
    ANY = 255,
}
