using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>An interface of Linux, by netlink and packet sockets.</summary>
internal sealed class LinuxLink : ILink
{
    private readonly string name;
    private readonly OpenSocket open;
    private readonly TimeProvider time;
    private readonly AddressJournal? journal;
    private readonly NetlinkSocket netlink;
    private readonly FrameSender sender;
    private LinkView view = LinkView.Missing;

    /// <param name="name">The interface.</param>
    /// <param name="open">Opens sockets in the network namespace of the interface.</param>
    /// <param name="journal">Says what is ours; null to have the kernel say it (<see cref="AddressMark"/>).</param>
    /// <param name="time">The clock, for how long a probe waits.</param>
    /// <exception cref="ExtensionException">A socket cannot be opened.</exception>
    internal LinuxLink(string name, OpenSocket open, AddressJournal? journal, TimeProvider time)
    {
        this.name = name;
        this.open = open;
        this.time = time;
        this.journal = journal;
        netlink = new(open);
        try
        {
            sender = new(open);
        }
        catch
        {
            netlink.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public LinkView Read()
    {
        var state = ReadState();
        view = state is null ? LinkView.Missing : new(state, ReadAddresses(state.Index));
        return view;
    }

    /// <inheritdoc/>
    public ImmutableArray<AddressFailure> Add(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime)
    {
        if (addresses.Count == 0)
            return [];
        Promote(addresses);
        List<LinkAddress> written = journal is null ? [] : [.. addresses.Where(address => !journal.Has(address))];
        journal?.Add(written);
        var failures = Write(addresses, lifetime, isNew: true);
        // What was there already was somebody else's: the next reading must not take it for ours.
        journal?.Remove(failures.Select(failure => failure.Address).Intersect(written).ToList());
        return failures;
    }

    /// <inheritdoc/>
    public ImmutableArray<AddressFailure> Renew(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime) =>
        Write(addresses, lifetime, isNew: false);

    /// <inheritdoc/>
    public ImmutableArray<AddressFailure> Remove(IReadOnlyCollection<LinkAddress> addresses)
    {
        // The kernel removes whatever address it is told: whose it is has to be known as late as can be.
        if (addresses.Count == 0 || Read().State is not { } state)
            return [];
        // The first address of a network last: with each that goes before the others the kernel promotes another, and makes anew the routes
        // of all.
        var ours = view.Addresses
            .Where(each => each.IsOurs)
            .OrderByDescending(each => each.IsSecondary)
            .Select(each => each.Address)
            .Intersect(addresses)
            .ToList();
        var failures = Change(ours, (writer, address) => AddressMessage.WriteRemove(writer, state.Index, address), "removed from")
            .RemoveAll(failure => failure.Error is KernelFault.NotAvailable or KernelFault.NoDevice);
        journal?.Remove(addresses.Except(failures.Select(failure => failure.Address)).ToList());
        return failures;
    }

    /// <inheritdoc/>
    public void Announce(IReadOnlyCollection<IPAddress> addresses)
    {
        if (view.State is not { HasNeighbours: true, IsRunning: true } state)
            return;
        foreach (var address in addresses)
        {
            foreach (var frame in Frames.Announcements(address, state.Hardware))
                sender.Send(frame, state);
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<IPAddress, PhysicalAddress>> ProbeAsync(
        IReadOnlyCollection<IPAddress> addresses, CancellationToken stopping) =>
        view.State is { HasNeighbours: true } state
            ? await new NeighbourProbe(state, open, sender, time).AskAsync(addresses, stopping)
            : ImmutableDictionary<IPAddress, PhysicalAddress>.Empty;

    /// <inheritdoc/>
    public IAsyncEnumerable<LinkNews> FollowAsync(CancellationToken stopping) => new LinkWatch(name, open).RunAsync(stopping);

    /// <inheritdoc/>
    public void Dispose()
    {
        netlink.Dispose();
        sender.Dispose();
    }

    private LinkState? ReadState()
    {
        LinkState? state = null;
        var request = netlink.Begin();
        LinkMessage.WriteGet(request, name);
        var error = netlink.Ask(request, message => state = LinkMessage.Read(message.Content));
        return error switch
        {
            0 => state,
            KernelFault.NoDevice => null,
            _ => throw KernelFault.Of(error, $"interface {name} cannot be read"),
        };
    }

    private ImmutableArray<PresentAddress> ReadAddresses(int index)
    {
        while (true)
        {
            var isWhole = true;
            var found = ImmutableArray.CreateBuilder<PresentAddress>();
            var request = netlink.Begin();
            AddressMessage.WriteList(request);
            var error = netlink.Ask(request, message =>
            {
                isWhole &= (message.Flags & Netlink.DumpInterrupted) == 0;
                if (message.Type == Netlink.NewAddress && AddressMessage.Read(message.Content) is { } read && read.Index == index)
                    found.Add(read.Address with { IsOurs = IsOurs(read.Address) });
            });
            if (error != 0)
                throw KernelFault.Of(error, $"the addresses of {name} cannot be listed");
            if (isWhole)
                return found.DrainToImmutable();
        }
    }

    // What we add has always an end; who adds the same address for ever after our own is gone shall not lose it for what a journal says.
    private bool IsOurs(PresentAddress address) =>
        journal is null ? address.Protocol == AddressMark.Protocol : address.Lifetime is not null && journal.Has(address.Address);

    /// <summary>
    /// Sees to it that addresses of others survive the removal of ours, or its end: without this the kernel removes with the first address
    /// of an IPv4 network all others of it. Not taken back: it only ever spares addresses, and many systems have it set.
    /// </summary>
    private void Promote(IReadOnlyCollection<LinkAddress> addresses)
    {
        if (view.State is not { PromotesSecondaries: false } state || addresses.All(address => address.IsIPv6 || address.IsSingle))
            return;
        var request = netlink.Begin();
        LinkMessage.WritePromote(request, state.Index);
        if (netlink.Change(request)[0] is not 0 and var error)
            throw KernelFault.Of(
                error, $"net.ipv4.conf.{name}.promote_secondaries cannot be set, without which addresses of others would go with ours");
        view = view with { State = state with { PromotesSecondaries = true } };
    }

    private ImmutableArray<AddressFailure> Write(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime, bool isNew)
    {
        var index = view.State?.Index ?? 0; // which no interface has
        var mark = journal is null ? AddressMark.Protocol : (byte)0;
        return Change(
            addresses,
            (writer, address) => AddressMessage.WriteAdd(writer, index, address, lifetime, mark, isNew, MakesRoute(address)),
            isNew ? "added to" : "renewed on");
    }

    // IPv6: the route to a network has the end of the address that was renewed last. A network that others have an address in is to keep
    // theirs.
    private bool MakesRoute(LinkAddress address) =>
        !address.IsSingle && !view.Addresses.Any(other =>
            !other.IsOurs && other.Address.PrefixLength == address.PrefixLength && other.Address.Covers(address.Address));

    private ImmutableArray<AddressFailure> Change(IReadOnlyCollection<LinkAddress> addresses, Action<NetlinkWriter, LinkAddress> write, string what)
    {
        var failures = ImmutableArray.CreateBuilder<AddressFailure>();
        foreach (var batch in addresses.Chunk(NetlinkSocket.Batch))
        {
            var request = netlink.Begin();
            foreach (var address in batch)
                write(request, address);
            foreach (var (address, error) in batch.Zip(netlink.Change(request)))
            {
                if (error is KernelFault.NotPermitted)
                    throw KernelFault.Of(error, $"{address} cannot be {what} {name}");
                if (error != 0)
                    failures.Add(new(address, error, KernelFault.Say(error, $"{address} cannot be {what} {name}")));
            }
        }
        return failures.DrainToImmutable();
    }
}
