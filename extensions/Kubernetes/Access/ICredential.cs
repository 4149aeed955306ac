namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Says who we are, each time anew. Safe for concurrent use.</summary>
internal interface ICredential
{
    /// <summary>Who we are now.</summary>
    /// <exception cref="ExtensionException">That cannot be found out: a file or a program failed.</exception>
    ValueTask<Identity> ReadAsync(CancellationToken stopping);

    /// <summary>The server did not take an identity (401).</summary>
    /// <returns>True when asking again may give another one.</returns>
    bool Refuse(Identity refused);
}
