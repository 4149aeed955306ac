using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;

namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// One interface of this machine, by its name; it need not exist, and may be made again. Knows whose the addresses are, and touches none
/// that is not ours. Calls that change something are short and wait for the kernel. Not safe for concurrent use, but for
/// <see cref="ProbeAsync"/> and <see cref="FollowAsync"/>.
/// </summary>
internal interface ILink : IDisposable
{
    /// <summary>Its name, <c>eth0</c>.</summary>
    string Name { get; }

    /// <summary>Reads the interface and all its addresses.</summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    LinkView Read();

    /// <summary>
    /// Adds addresses that are not there, with our mark, for a limited time. An address that is there already, whoever added it, is a
    /// failure with the error <see cref="KernelFault.Exists"/>, and stays as it is.
    /// </summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="lifetime">
    /// Whole seconds, at least one: the kernel removes them after that, up to 1.25 s late, unless they are renewed.
    /// </param>
    /// <returns>Those that were not added.</returns>
    /// <exception cref="ExtensionException">The kernel refused all.</exception>
    ImmutableArray<AddressFailure> Add(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime);

    /// <summary>Lets addresses that are ours and there live for another while; one that went meanwhile comes back.</summary>
    /// <returns>Those that were not renewed.</returns>
    /// <exception cref="ExtensionException">The kernel refused all.</exception>
    ImmutableArray<AddressFailure> Renew(IReadOnlyCollection<LinkAddress> addresses, TimeSpan lifetime);

    /// <summary>
    /// Removes those of the addresses that are there and ours. It looks anew whose they are; what is gone already is success.
    /// </summary>
    /// <returns>Those that are ours and were not removed.</returns>
    /// <exception cref="ExtensionException">The kernel refused all.</exception>
    ImmutableArray<AddressFailure> Remove(IReadOnlyCollection<LinkAddress> addresses);

    /// <summary>
    /// Tells the neighbours that the addresses are here: gratuitous ARP, request and reply (RFC 5944 section 4.6: some take only one of
    /// them), and unsolicited neighbour advertisements that override (RFC 4861 section 7.2.6). Nothing where there are no neighbours.
    /// </summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    void Announce(IReadOnlyCollection<IPAddress> addresses);

    /// <summary>
    /// Asks the neighbours whether somebody has the addresses, without saying who asks: ARP probes (RFC 5227 section 2.1.1), neighbour
    /// solicitations from the unspecified address (RFC 4862 section 5.4.2).
    /// </summary>
    /// <returns>Who answered, by address; what nobody answered for is not in it.</returns>
    /// <exception cref="ExtensionException">The kernel refused: nothing is known.</exception>
    Task<ImmutableDictionary<IPAddress, PhysicalAddress>> ProbeAsync(IReadOnlyCollection<IPAddress> addresses, CancellationToken stopping);

    /// <summary>
    /// Follows what happens to the interface. The first element comes once nothing is missed any more: read after it. Ends only with
    /// <paramref name="stopping"/>.
    /// </summary>
    /// <exception cref="ExtensionException">The kernel refused.</exception>
    IAsyncEnumerable<LinkNews> FollowAsync(CancellationToken stopping);
}
