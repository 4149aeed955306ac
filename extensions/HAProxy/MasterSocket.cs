using System.Net.Sockets;
using System.Text;

namespace Interlook.Extensions.HAProxy;

/// <summary>Talks to HAProxy's master process: commands in, text out. Holds no connection, because the master drops them all at a reload.</summary>
/// <param name="path">Where its socket is.</param>
/// <param name="patience">The longest wait for an answer.</param>
/// <param name="time">The clock of that.</param>
/// <param name="isReadOnly">True refuses every command that is no question.</param>
internal sealed class MasterSocket(string path, TimeSpan patience, TimeProvider time, bool isReadOnly = false)
{
    // One line of commands fits HAProxy's buffer (16384 bytes unless tune.bufsize says otherwise) with room to spare.
    private const int LongestLine = 8000;
    private const int LargestAnswer = 256 * 1024 * 1024;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Runs commands, in order, and ends with the master's table of processes.</summary>
    /// <param name="commands">Each without line break; <c>@1 </c> in front reaches the current worker.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <exception cref="ExtensionException">The master is not there, does not answer, or answers something else.</exception>
    public async Task<MasterAnswer> AskAsync(IEnumerable<string> commands, CancellationToken stopping)
    {
        var text = new StringBuilder();
        ProcessTable? table = null;
        foreach (var line in Lines(commands))
        {
            var answer = await SendAsync(line + "show proc;quit\n", stopping);
            // The table comes last: where it is whole, nothing before it was cut off.
            table = ProcessTable.Parse(answer) ?? throw new ExtensionException(
                answer.Length == 0 ? Reason.Unavailable : Reason.Malformed,
                $"HAProxy's master at {path} gave {(answer.Length == 0 ? "no answer" : "an answer that is cut or is not HAProxy's")}; it may be reloading, which passes by itself");
            text.Append(answer).Append('\n');
        }
        return new MasterAnswer(table!, text.ToString());
    }

    /// <summary>Asks for a reload. The answer of 2.6 is none, of 2.7 a verdict: neither counts, <see cref="AskAsync"/> tells how it went.</summary>
    public async Task ReloadAsync(CancellationToken stopping) => await SendAsync("reload\n", stopping);

    private static bool Changes(string command) => command.Length > 0 && command.Split(' ') is not (["show", ..] or ["@1", "show", ..] or ["quit"]);

    private static IEnumerable<string> Lines(IEnumerable<string> commands)
    {
        var line = new StringBuilder();
        foreach (var command in commands)
        {
            if (line.Length + command.Length > LongestLine)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(command).Append(';');
        }
        yield return line.ToString();
    }

    private async Task<string> SendAsync(string line, CancellationToken stopping)
    {
        if (isReadOnly && line.Split(';', '\n').Any(Changes))
            throw new InvalidOperationException($"HAProxy's master at {path} would be told '{line.Trim()}', and Interlook only looks");
        using var deadline = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), both.Token);
            var request = Encoding.ASCII.GetBytes(line);
            for (var sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request.AsMemory(sent), both.Token);
            return await ReceiveAsync(socket, both.Token);
        }
        catch (OperationCanceledException)
        {
            stopping.ThrowIfCancellationRequested();
            throw new ExtensionException(
                Reason.Timeout,
                $"HAProxy's master at {path} has not answered within {patience.TotalSeconds:0.#} s; look whether it hangs, or raise commandTimeout");
        }
        catch (SocketException failure)
        {
            throw Failed(failure);
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new ExtensionException(Reason.Invalid, $"masterSocket {path} is too long for a socket's path", innerException: failure);
        }
    }

    private async Task<string> ReceiveAsync(Socket socket, CancellationToken stopping)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, stopping) is > 0 and var received)
        {
            answer.Write(buffer, 0, received);
            if (answer.Length > LargestAnswer)
                throw new ExtensionException(Reason.Malformed, $"HAProxy's master at {path} does not stop answering; is this its master socket?");
        }
        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    private ExtensionException Failed(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AccessDenied => new(
            Reason.Unauthorized,
            $"HAProxy's master socket {path} may not be opened: give Interlook's user the right to write to it (haproxy -S {path},mode,660,group,…)",
            innerException: failure),
        SocketError.AddressNotAvailable => new( // what the runtime makes of ENOENT
            Reason.Unreachable,
            $"HAProxy's master cannot be reached: there is no socket {path}: start HAProxy with -S (haproxy -W -S {path} -f …), or correct masterSocket",
            innerException: failure),
        _ => new(
            Reason.Unreachable,
            $"HAProxy's master does not answer at {path}: {failure.Message}; start it in master-worker mode: haproxy -W -S {path} -f …",
            innerException: failure),
    };
}
