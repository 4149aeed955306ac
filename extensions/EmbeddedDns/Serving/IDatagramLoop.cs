namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>Serves one UDP socket on a thread of its own.</summary>
internal interface IDatagramLoop
{
    /// <summary>Ends when the loop has ended: after <see cref="Stop"/>, or with the fault that ended it.</summary>
    Task Ended { get; }

    /// <summary>Begins to answer.</summary>
    void Start();

    /// <summary>Ends it. The socket is closed when <see cref="Ended"/> has ended.</summary>
    void Stop();
}
