namespace Interlook.Extensions.EmbeddedDns.Messages;

/// <summary>A query that was read, as far as its answer needs it.</summary>
internal ref struct Query
{
    /// <summary>Where the question stands: behind the header (RFC 1035 section 4.1.1).</summary>
    internal const int HeaderLength = 12;

    /// <summary>The question's name in lower case, in the buffer that the reader was given.</summary>
    internal ReadOnlySpan<byte> Name { get; set; }

    /// <summary>What is asked for.</summary>
    internal RecordType Type { get; set; }

    /// <summary>The class.</summary>
    internal ushort Class { get; set; }

    /// <summary>True when the question could be read and is echoed.</summary>
    internal bool HasQuestion { get; set; }

    /// <summary>True when it speaks EDNS (RFC 6891).</summary>
    internal bool HasEdns { get; set; }

    /// <summary>The largest answer it takes over UDP, in bytes, as it says.</summary>
    internal ushort UdpSize { get; set; }

    /// <summary>The DO bit, which is copied into the answer (RFC 3225 section 3).</summary>
    internal bool DnssecOk { get; set; }

    /// <summary>Where the question ends.</summary>
    internal readonly int QuestionEnd => HeaderLength + Name.Length + 4;
}
