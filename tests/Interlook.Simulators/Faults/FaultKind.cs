namespace Interlook.Simulators.Faults;

/// <summary>What can go wrong with a request.</summary>
public enum FaultKind
{
    /// <summary>It is answered with a status and a body of choice, and changes nothing.</summary>
    Refuse,

    /// <summary>It is never answered, and changes nothing.</summary>
    Hang,

    /// <summary>It is answered rightly after a delay.</summary>
    Late,

    /// <summary>The connection ends without an answer, and nothing was changed.</summary>
    DropBefore,

    /// <summary>What it asks for is done, and the connection ends without an answer.</summary>
    DropAfter,
}
