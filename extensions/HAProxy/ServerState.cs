using System.Globalization;
using System.Net;

namespace Interlook.Extensions.HAProxy;

/// <summary>A server as the running worker has it: a line of <c>show servers state</c> (management guide 9.3).</summary>
internal sealed record ServerState
{
    /// <summary>The <c>listen</c> or <c>backend</c> section.</summary>
    public required string Proxy { get; init; }

    /// <summary>Its name in the section.</summary>
    public required string Name { get; init; }

    /// <summary>Where it sends; null while a host name is not resolved.</summary>
    public required IPAddress? Address { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>The weight users set.</summary>
    public required int Weight { get; init; }

    /// <summary>Bit mask srv_admin_state.</summary>
    public required int Admin { get; init; }

    /// <summary>Bit mask srv_check_state.</summary>
    public required int CheckBits { get; init; }

    /// <summary>Put into maintenance from the socket: new dynamic servers, and those on their way out.</summary>
    public bool IsInMaintenance => (Admin & 1) != 0;

    /// <summary>Draining by command.</summary>
    public bool IsDraining => (Admin & 8) != 0;

    /// <summary>It has a health check.</summary>
    public bool HasCheck => (CheckBits & 2) != 0;

    /// <summary>Its health check runs.</summary>
    public bool IsChecked => (CheckBits & 4) != 0;

    /// <summary>Reads every line of servers in an answer, by proxy.</summary>
    public static ILookup<string, ServerState> Parse(string answer)
    {
        var states = new List<ServerState>();
        foreach (var line in answer.Split('\n'))
        {
            if (line.StartsWith('#'))
                continue;
            var words = line.Split(' ');
            if (words.Length >= 19
                && Number(words[18]) is { } port
                && Number(words[7]) is { } weight
                && Number(words[6]) is { } admin
                && Number(words[13]) is { } check)
            {
                states.Add(new ServerState
                {
                    Proxy = words[1],
                    Name = words[3],
                    Address = IPAddress.TryParse(words[4], out var address) ? address : null,
                    Port = port,
                    Weight = weight,
                    Admin = admin,
                    CheckBits = check,
                });
            }
        }
        return states.ToLookup(state => state.Proxy, StringComparer.Ordinal);
    }

    private static int? Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
