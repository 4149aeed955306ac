using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

/// <summary>What a client says and hears.</summary>
internal static class SocketTalk
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static async Task SendAsync(this Socket socket, string text)
    {
        var rest = (ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(text);
        while (rest.Length > 0)
            rest = rest[await socket.SendAsync(rest, Stopping)..];
    }

    /// <summary>Reads so many characters, fewer only when the other side ends.</summary>
    public static async Task<string> ReadAsync(this Socket socket, int length)
    {
        var buffer = new byte[length];
        var read = 0;
        while (read < length && await socket.ReceiveAsync(buffer.AsMemory(read), Stopping) is > 0 and var more)
            read += more;
        return Encoding.Latin1.GetString(buffer, 0, read);
    }

    /// <summary>Reads until the other side ends.</summary>
    public static async Task<string> ReadToEndAsync(this Socket socket)
    {
        var text = new StringBuilder();
        while (await socket.ReadAsync(1) is { Length: > 0 } one)
            text.Append(one);
        return text.ToString();
    }

    /// <summary>Sends and expects the same back.</summary>
    public static async Task<bool> EchoesAsync(this Socket socket, string text)
    {
        await socket.SendAsync(text);
        return await socket.ReadAsync(text.Length) == text;
    }

    /// <summary>Makes closing a reset.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>True when the other side closes or resets, without another byte.</summary>
    public static async Task<bool> IsClosedAsync(this Socket socket)
    {
        try
        {
            return await socket.ReadAsync(1) == "";
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
