using System.Net;
using System.Text;
using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.HAProxy;

/// <summary>The section of one service: a <c>listen</c> proxy.</summary>
internal sealed record ServiceSection
{
    /// <summary>Whose section.</summary>
    public required ServiceKey Key { get; init; }

    /// <summary>The proxy's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Every line but the servers: what only a reload can change. Text of a section that somebody edited is kept as it stands.
    /// </summary>
    public required string Frame { get; init; }

    /// <summary>The targets, in canonical order.</summary>
    public required EquatableArray<ServerLine> Servers { get; init; }

    /// <summary>Where it listens; null when the frame says it in a way we do not write.</summary>
    public IPEndPoint? Bind
    {
        get
        {
            foreach (var line in Frame.Split('\n'))
            {
                if (line.Trim().Split(' ') is ["bind", var address, ..])
                    return IPEndPoint.TryParse(address, out var bind) ? bind : null;
            }
            return null;
        }
    }

    /// <summary>Writes the section's lines, without the marks around them.</summary>
    public void AppendTo(StringBuilder text)
    {
        text.Append(Frame);
        foreach (var server in Servers)
            text.Append("    ").Append(server.Text).Append('\n');
    }

    /// <summary>Reads the lines between two marks.</summary>
    public static ServiceSection Parse(ServiceKey key, string name, IEnumerable<string> lines)
    {
        var frame = new StringBuilder();
        var servers = new List<ServerLine>();
        foreach (var line in lines)
        {
            if (ServerLine.Parse(line) is { } server)
                servers.Add(server);
            else
                frame.Append(line).Append('\n');
        }
        return new ServiceSection { Key = key, Name = name, Frame = frame.ToString(), Servers = [.. servers] };
    }
}
