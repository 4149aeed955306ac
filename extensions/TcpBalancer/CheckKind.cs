namespace Interlook.Extensions.TcpBalancer;

/// <summary>How targets are checked.</summary>
internal enum CheckKind
{
    /// <summary>Not at all: only failed connections eject a target, for a while.</summary>
    None,

    /// <summary>With a connection that is closed again.</summary>
    Tcp,

    /// <summary>With a GET request.</summary>
    Http,
}
