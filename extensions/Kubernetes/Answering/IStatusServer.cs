using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What the API server is asked to write. Safe for concurrent use.</summary>
internal interface IStatusServer
{
    /// <summary>
    /// Applies our part of a Service's status: what stands in <paramref name="wanted"/> and nothing else of this manager
    /// (<c>PATCH …/services/NAME/status</c>, server-side apply, never forced).
    /// </summary>
    /// <param name="service">The object as it was last seen; another of the same name is not touched.</param>
    /// <param name="manager">Our field manager.</param>
    /// <param name="wanted">What shall be ours.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The object afterwards; null when it is not there any more.</returns>
    /// <exception cref="ExtensionException">It was not written; a conflict when somebody else manages one of the fields.</exception>
    Task<Service?> ApplyAsync(Service service, string manager, WantedStatus wanted, CancellationToken stopping);

    /// <summary>Creates an Event.</summary>
    /// <exception cref="ExtensionException">It was not written.</exception>
    Task CreateAsync(Event said, CancellationToken stopping);
}
