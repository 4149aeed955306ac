namespace Interlook.Extensions.Connections;

/// <summary>Lets only requests through that read: what <see cref="ExtensionContext.IsReadOnly"/> promises, kept where requests leave.</summary>
/// <param name="inner">Sends what may be sent.</param>
/// <param name="reads">Whether a request changes nothing at the outside system.</param>
internal sealed class ReadsOnly(HttpMessageHandler inner, Func<HttpRequestMessage, bool> reads) : DelegatingHandler(inner)
{
    /// <summary>A handler as it is, or behind this one.</summary>
    internal static HttpMessageHandler Around(HttpMessageHandler inner, bool isReadOnly, Func<HttpRequestMessage, bool> reads) =>
        isReadOnly ? new ReadsOnly(inner, reads) : inner;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => reads(request)
        ? base.SendAsync(request, cancellationToken)
        : throw new InvalidOperationException($"{request.Method} {request.RequestUri} would change something, and Interlook only looks");
}
