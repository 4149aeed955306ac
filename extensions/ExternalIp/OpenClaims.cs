using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.ExternalIp;

/// <summary>A store of claims, and the connection below it.</summary>
/// <param name="Store">The store.</param>
/// <param name="System">It for messages: <c>etcd at http://127.0.0.1:2379</c>.</param>
/// <param name="Connection">What to let go of at the end.</param>
internal sealed record OpenClaims(IClaimStore Store, string System, IDisposable Connection) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();
}
