namespace Interlook.Extensions.Etcd;

/// <summary>One of etcd's two worlds of keys, in which records live only as long as they are kept alive.</summary>
internal interface IKeySpace : IDisposable
{
    /// <summary>Logs in, and takes what records are bound to.</summary>
    /// <exception cref="ExtensionException">etcd cannot be used.</exception>
    Task OpenAsync(CancellationToken stopping);

    /// <summary>A cheap read that needs a leader and the right to read.</summary>
    /// <exception cref="ExtensionException">etcd cannot be used.</exception>
    Task ProbeAsync(CancellationToken stopping);

    /// <summary>Reads everything below a key, as it was at one moment.</summary>
    /// <exception cref="ExtensionException">It could not be read: nothing is known.</exception>
    Task<IReadOnlyList<StoredRecord>> ReadAsync(string root, CancellationToken stopping);

    /// <summary>Keeps what was written alive.</summary>
    /// <returns>False when all of it has to be written again: it may be gone, or it is due.</returns>
    /// <exception cref="ExtensionException">It may run out.</exception>
    Task<bool> KeepAsync(CancellationToken stopping);

    /// <summary>
    /// Carries out changes that share no key. A key is written or removed only while it is absent or bears the change's own mark.
    /// </summary>
    /// <returns>For each change null when it is done, else why it is not. A conflict that was met before the first write has
    /// changed nothing of its service.</returns>
    Task<ExtensionException?[]> CommitAsync(IReadOnlyList<RecordChange> changes, CancellationToken stopping);
}
