namespace Interlook.Fixtures.Networks;

/// <summary>What a machine receives of ARP and neighbour discovery, as tcpdump prints it.</summary>
public sealed class FrameCapture : IAsyncDisposable
{
    private readonly ServerProcess process;

    private FrameCapture(ServerProcess process) => this.process = process;

    /// <summary>The lines so far, with hardware addresses, oldest first.</summary>
    public IReadOnlyList<string> Lines => [.. process.Output.Split('\n').Where(line => line.Contains("ethertype", StringComparison.Ordinal))];

    /// <summary>Starts one and waits until nothing is missed.</summary>
    public static async Task<FrameCapture> StartAsync(LaboratoryMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var process = machine.Namespace.Start(
            "tcpdump", ["-n", "-e", "-l", "-Z", "root", "--immediate-mode", "-i", "eth0", "-Q", "in", "arp or (icmp6 and (ip6[40] == 135 or ip6[40] == 136))"]);
        await Eventually.TrueAsync("tcpdump listens", () => process.Output.Contains("listening on", StringComparison.Ordinal));
        return new(process);
    }

    /// <summary>How many lines hold all of some words.</summary>
    public int Count(params string[] words) => Lines.Count(line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
