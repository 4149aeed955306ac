namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>A credential of texts: a header, a token, a client certificate, or nothing. Files among them are read again as they change.</summary>
internal sealed class WrittenCredential : ICredential
{
    private readonly Lock gate = new();
    private Identity last = Identity.Anonymous;

    /// <summary>A whole header that never changes; null for none.</summary>
    internal string? Authorization { get; init; }

    /// <summary>A token; null for none.</summary>
    internal ITextSource? Token { get; init; }

    /// <summary>A client certificate; null for none.</summary>
    internal ITextSource? Certificate { get; init; }

    /// <summary>Its key.</summary>
    internal ITextSource? Key { get; init; }

    /// <summary>Where they were written, for messages.</summary>
    internal required string Origin { get; init; }

    /// <inheritdoc/>
    public ValueTask<Identity> ReadAsync(CancellationToken stopping)
    {
        var now = new Identity
        {
            Authorization = Token is null ? Authorization : Identity.Bearer(Token.Read(), Origin),
            Certificate = Certificate?.Read(),
            Key = Key?.Read(),
        };
        lock (gate)
        {
            if (!IsSame(last, now))
                last = now;
            return new(last);
        }
    }

    /// <inheritdoc/>
    public bool Refuse(Identity refused)
    {
        Token?.Doubt();
        Certificate?.Doubt();
        Key?.Doubt();
        return Token is RotatedFile || Certificate is RotatedFile;
    }

    private static bool IsSame(Identity one, Identity other) =>
        one.Authorization == other.Authorization && one.Certificate == other.Certificate && one.Key == other.Key;
}
