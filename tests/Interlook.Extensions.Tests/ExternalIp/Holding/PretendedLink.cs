using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using Interlook.Extensions.ExternalIp.Linux;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

/// <summary>An interface in memory, for what a real one does not do at will: refuse, hang, and take long.</summary>
internal sealed class PretendedLink : ILink
{
    private static readonly LinkState State =
        new(2, "eth0", IsUp: true, IsRunning: true, HasNeighbours: true, PhysicalAddress.Parse("02:00:00:00:00:0A"), PromotesSecondaries: true);

    private readonly Lock gate = new();
    private readonly HashSet<LinkAddress> addresses = [];
    private readonly List<string> done = [];

    public string Name => "eth0";

    /// <summary>Called before each act, by its name; may throw, or move the clock.</summary>
    internal Action<string> Before { get; set; } = _ => { };

    /// <summary>What a probe waits for.</summary>
    internal Task Answer { get; set; } = Task.CompletedTask;

    /// <summary>What was done, in order.</summary>
    internal IReadOnlyList<string> Done
    {
        get
        {
            lock (gate)
                return [.. done];
        }
    }

    /// <summary>What is there.</summary>
    internal IReadOnlySet<LinkAddress> Addresses
    {
        get
        {
            lock (gate)
                return addresses.ToHashSet();
        }
    }

    public LinkView Read()
    {
        Before("read");
        lock (gate)
            return new(State, [.. addresses.Select(each => new PresentAddress(each, AddressMark.Protocol, TimeSpan.FromSeconds(6), false, false) { IsOurs = true })]);
    }

    public ImmutableArray<AddressFailure> Add(IReadOnlyCollection<LinkAddress> added, TimeSpan lifetime) => Do("add", () => addresses.UnionWith(added));

    public ImmutableArray<AddressFailure> Renew(IReadOnlyCollection<LinkAddress> renewed, TimeSpan lifetime) => Do("renew", () => addresses.UnionWith(renewed));

    public ImmutableArray<AddressFailure> Remove(IReadOnlyCollection<LinkAddress> removed) => Do("remove", () => addresses.ExceptWith(removed));

    public void Announce(IReadOnlyCollection<IPAddress> announced) => Do("announce", () => { });

    public async Task<ImmutableDictionary<IPAddress, PhysicalAddress>> ProbeAsync(IReadOnlyCollection<IPAddress> asked, CancellationToken stopping)
    {
        Do("probe", () => { });
        await Answer.WaitAsync(stopping);
        return ImmutableDictionary<IPAddress, PhysicalAddress>.Empty;
    }

    public async IAsyncEnumerable<LinkNews> FollowAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        yield return new LinkNews.Unknown();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
    }

    public void Dispose()
    {
    }

    private ImmutableArray<AddressFailure> Do(string act, Action change)
    {
        Before(act);
        lock (gate)
        {
            change();
            done.Add(act);
        }
        return [];
    }
}
