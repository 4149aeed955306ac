namespace Interlook.Fixtures.Kubernetes;

/// <summary>What can go wrong with a request to an API server.</summary>
public enum ApiFaultKind
{
    /// <summary>It does not reach the server, and is answered with a status and a body of choice.</summary>
    Answer,

    /// <summary>It does not reach the server, and is never answered.</summary>
    Hang,

    /// <summary>It reaches the server after a delay.</summary>
    Late,

    /// <summary>The connection ends without an answer, and nothing was done.</summary>
    DropBefore,

    /// <summary>What it asks for is done, and the connection ends without an answer.</summary>
    DropAfter,

    /// <summary>Half of the right answer comes, and then its end.</summary>
    Half,

    /// <summary>The right answer comes as gzip, asked for or not.</summary>
    Gzip,
}
