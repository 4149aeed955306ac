using System.Net;

namespace Interlook.Extensions.Etcd.Calls;

/// <summary>What one member of etcd answered, success or not.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The whole body.</param>
/// <param name="Index">etcd v2: the header <c>X-Etcd-Index</c>; null when there was none.</param>
internal sealed record EtcdAnswer(HttpStatusCode Status, byte[] Body, long? Index)
{
    /// <summary>The answer whose body is a stream; whoever gets it disposes of it. Null for all others.</summary>
    internal HttpResponseMessage? Open { get; init; }

    internal bool IsSuccess => (int)Status is >= 200 and < 300;
}
