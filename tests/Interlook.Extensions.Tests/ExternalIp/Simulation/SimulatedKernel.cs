using Interlook.Extensions.ExternalIp.Claims;

namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>The kernel of one machine: it has addresses, answers for them, and ends their lifetimes, whatever becomes of any process.</summary>
internal sealed class SimulatedKernel(string name, Clockwork clock)
{
    private readonly Dictionary<ClaimAddress, (TimeSpan Until, int Generation)> addresses = [];
    private int generation;

    public string Name => name;

    /// <summary>True when nothing of the link reaches it, nor it the link.</summary>
    public bool IsOffLink { get; set; }

    public IEnumerable<ClaimAddress> Addresses => addresses.Keys;

    public bool Has(ClaimAddress address) => addresses.ContainsKey(address);

    /// <summary>Adds or renews. The end comes up to a second and a quarter late, and up to a quarter early.</summary>
    public void Set(ClaimAddress address, TimeSpan lifetime)
    {
        var mine = ++generation;
        var until = clock.Now + lifetime + TimeSpan.FromSeconds(clock.Between(-0.25, 1.25));
        addresses[address] = (until, mine);
        clock.At(until, () =>
        {
            if (addresses.TryGetValue(address, out var known) && known.Generation == mine)
                addresses.Remove(address);
        });
    }

    public void Remove(ClaimAddress address) => addresses.Remove(address);

    /// <summary>The power is gone.</summary>
    public void Clear() => addresses.Clear();
}
