using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>Reads the objects of one kind. Safe for concurrent use.</summary>
internal interface IObjectSource<T>
    where T : KubernetesObject
{
    /// <summary>What it reads, for messages: <c>services</c>.</summary>
    string Plural { get; }

    /// <summary>True when lists and watches leave out objects without certain labels.</summary>
    bool IsSelective { get; }

    /// <summary>Reads all.</summary>
    /// <param name="scope">A namespace; empty for all.</param>
    /// <param name="notOlderThan">
    /// A version that the answer may be as old as, which spares the server's store; of an object of this kind, since the server's memory knows of
    /// no other. Null for the newest.
    /// </param>
    /// <param name="stopping">Cancels the call.</param>
    /// <exception cref="ExtensionException">They could not be read.</exception>
    Task<ObjectList<T>> ListAsync(string scope, string? notOlderThan, CancellationToken stopping);

    /// <summary>Opens a watch.</summary>
    /// <param name="scope">A namespace; empty for all.</param>
    /// <param name="version">What is known: it tells what happened after.</param>
    /// <param name="life">When the server shall end it.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>Null when that version is forgotten.</returns>
    /// <exception cref="ExtensionException">It could not be opened.</exception>
    Task<IWatch<T>?> OpenAsync(string scope, string version, TimeSpan life, CancellationToken stopping);

    /// <summary>Reads one.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="ExtensionException">It could not be read.</exception>
    Task<T?> ReadAsync(ObjectName name, CancellationToken stopping);
}
