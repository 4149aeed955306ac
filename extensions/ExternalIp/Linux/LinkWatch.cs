using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Follows what the kernel tells of one interface.</summary>
internal sealed class LinkWatch(string name, OpenSocket open)
{
    private const int ReceiveBuffer = 8 << 20;

    private LinkState? known;

    /// <inheritdoc cref="ILink.FollowAsync"/>
    internal async IAsyncEnumerable<LinkNews> RunAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var socket = Open();
        yield return new LinkNews.Unknown();
        var buffer = new byte[64 * 1024];
        while (!stopping.IsCancellationRequested)
        {
            var length = await ReceiveAsync(socket, buffer, stopping);
            if (length < 0)
            {
                yield return new LinkNews.Unknown();
                continue;
            }
            foreach (var news in Read(buffer.AsSpan(0, length)))
                yield return news;
        }
    }

    /// <summary>What messages of the kernel say of the interface.</summary>
    internal List<LinkNews> Read(ReadOnlySpan<byte> bytes)
    {
        var news = new List<LinkNews>();
        var messages = new NetlinkMessages(bytes);
        while (messages.Read())
        {
            if (ReadOne(messages) is { } one)
                news.Add(one);
        }
        return news;
    }

    private LinkNews? ReadOne(NetlinkMessages message)
    {
        switch (message.Type)
        {
            case Netlink.Overrun:
                return new LinkNews.Unknown();
            case Netlink.NewLink when LinkMessage.Read(message.Content) is { } link && (link.Name == name || link.Index == known?.Index):
                var before = known;
                known = link.Name == name ? link : null;
                return known == before ? null : new LinkNews.LinkChanged(); // statistics and the like say nothing new
            case Netlink.DeleteLink when LinkMessage.Read(message.Content) is { } link && link.Name == name:
                known = null;
                return new LinkNews.LinkChanged();
            // Of all interfaces: which number ours has may not have been told yet.
            case Netlink.DeleteAddress when AddressMessage.Read(message.Content) is { } gone && (known is null || gone.Index == known.Index):
                return new LinkNews.AddressGone(gone.Address.Address.Address);
            default:
                return null;
        }
    }

    private Socket Open()
    {
        var handle = open(KernelCalls.NetlinkFamily, KernelCalls.RawSocket, Netlink.RouteProtocol);
        try
        {
            KernelCalls.Set(handle, KernelCalls.SocketLevel, KernelCalls.ReceiveBufferForce, ReceiveBuffer);
            var groups = new KernelCalls.NetlinkName
            {
                Family = KernelCalls.NetlinkFamily,
                Groups = Netlink.LinkGroup | Netlink.Ipv4AddressGroup | Netlink.Ipv6AddressGroup,
            };
            KernelCalls.Bind(handle, groups, $"changes of {name} cannot be followed");
            return new(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <returns>How many bytes came; -1 when some were lost.</returns>
    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken stopping)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, stopping);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return -1;
        }
        catch (SocketException failure)
        {
            throw new ExtensionException(
                Reason.Internal, $"what the kernel tells of interfaces cannot be read: {failure.Message}", innerException: failure);
        }
    }
}
