using System.Net;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>What happened to an interface.</summary>
internal abstract record LinkNews
{
    private LinkNews()
    {
    }

    /// <summary>It came, went, was made again, went up or down, or got another hardware address.</summary>
    internal sealed record LinkChanged : LinkNews;

    /// <summary>An address went: somebody removed it, its time was over, or IPv6 and the interface went down.</summary>
    internal sealed record AddressGone(IPAddress Address) : LinkNews;

    /// <summary>More happened than was read, or the stream begins: anything may have changed.</summary>
    internal sealed record Unknown : LinkNews;
}
