using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Informing;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>The claims mode, <c>interlook claimcontroller</c> and <c>interlook scheduler</c>: all parts of it, put together.</summary>
public static partial class ClaimsMode
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    /// <summary>Runs a node's part until it is stopped; its claims are moved away then.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    /// <param name="stopping">Stops it.</param>
    /// <exception cref="ExtensionException">It cannot work: impossible times, no such interface, no right.</exception>
    public static async Task RunControllerAsync(ClaimsOptions options, ExtensionContext context, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var times = FenceTimes.Of(options.Heartbeat, options.Monitor);
        using var link = LinkOpening.Open(options.Link, options.JournalFolder, context.Time);
        var keeper = new AddressKeeper(link, options.Resync, context.Time, context.Loggers.CreateLogger<AddressKeeper>());
        if (options.Etcd is { } etcd)
        {
            using var store = ClaimStores.InEtcd(etcd, EtcdPatience(times), context);
            await ControlAsync(store, etcd.Endpoints[0]);
            return;
        }
        var access = ClaimStores.AccessTo(options, context);
        using var api = new ApiServer(access, context.Time, isReadOnly: false);
        api.Transport.StallPatience = ConnectionPatience(times);
        if (await HasDefinitionsAsync(api, context, stopping))
            await ControlAsync(ClaimStores.InKubernetes(api, times.Fence, options.Resync, context), access.Endpoint);

        async Task ControlAsync(IClaimStore claims, Uri server)
        {
            using var peers = new PeerTalk(PeerTalk.Open(options.PeerPort), OwnAddress(link, server), context.Time);
            await new ClaimController(new() { Name = ClaimName.OfNode(options.HostName), Times = times, MayShareName = options.Link == "lo" }, claims, keeper, peers, context).RunAsync(stopping);
        }
    }

    /// <summary>Runs a scheduler until it is stopped; the claims stay as they are then.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    /// <param name="stopping">Stops it.</param>
    /// <exception cref="ExtensionException">It cannot work: impossible times, no right.</exception>
    public static async Task RunSchedulerAsync(ClaimsOptions options, ExtensionContext context, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        var times = FenceTimes.Of(options.Heartbeat, options.Monitor);
        var identity = LeaderElectionOptions.IdentityOf(options.HostName, Environment.ProcessId, context.Random);
        var scheduling = new SchedulerOptions { Times = times, Filter = options.Filter, Mask = options.Mask };
        if (options.Etcd is { } etcd)
        {
            using var store = ClaimStores.InEtcd(etcd, EtcdPatience(times), context);
            var ballot = store.Election(identity, new(options.LeaseDuration, options.RenewDeadline, options.RetryPeriod), context.Random);
            await new SchedulerLoop(scheduling, store, new NoServices(), options.Elects ? ballot : new AlwaysLeading(), context).RunAsync(stopping);
            return;
        }
        await using var cluster = new Cluster(ClaimStores.AccessTo(options, context), new WatchedPart([], "", options.Resync), context);
        cluster.Api.Transport.StallPatience = ConnectionPatience(times);
        var lease = new LeaderElectionOptions
        {
            Identity = identity,
            Duration = options.LeaseDuration,
            RenewDeadline = options.RenewDeadline,
            RetryPeriod = options.RetryPeriod,
        };
        var election = new LeaderElection(cluster.Api, lease, context.Time, context.Random, context.Loggers.CreateLogger<LeaderElection>());
        using var demands = DemandsIn(cluster, context);
        if (await HasDefinitionsAsync(cluster.Api, context, stopping))
        {
            var claims = ClaimStores.InKubernetes(cluster.Api, times.Fence, options.Resync, context);
            await new SchedulerLoop(scheduling, claims, demands, options.Elects ? election : new AlwaysLeading(), context).RunAsync(stopping);
        }
    }

    /// <summary>A connection on which a heartbeat hangs leaves time for the next heartbeat to go over another one.</summary>
    private static TimeSpan ConnectionPatience(FenceTimes times) => times.Heartbeat * 0.4;

    /// <summary>A member of etcd that does not answer leaves time to ask another one before the fence.</summary>
    private static TimeSpan EtcdPatience(FenceTimes times) => times.Fence * 0.4;

    private static ClusterDemands DemandsIn(Cluster cluster, ExtensionContext context)
    {
        var reading = new ServiceReading();
        var events = new RefusalEvents(cluster.Api, context.Time, context.Random, context.Loggers.CreateLogger<RefusalEvents>());
        var conditions = new RefusalConditions(cluster.Api, context.Time, context.Loggers.CreateLogger<RefusalConditions>());
        return new(new(cluster.Services, reading), new(cluster.Api, reading), events, conditions);
    }

    /// <summary>Waits until the cluster knows the kinds of claims. A server that is away is waited for; one that refuses ends it.</summary>
    /// <returns>False when it was stopped before.</returns>
    private static async Task<bool> HasDefinitionsAsync(ApiServer api, ExtensionContext context, CancellationToken stopping)
    {
        var logger = context.Loggers.CreateLogger<ClaimDefinitions>();
        var definitions = new ClaimDefinitions(api, context.Time, logger);
        try
        {
            while (true)
            {
                try
                {
                    await definitions.EnsureAsync(stopping);
                    return true;
                }
                catch (ExtensionException failure) when (failure.Reason is Reason.Unavailable or Reason.Timeout)
                {
                    Log.Waits(logger, failure.Message);
                    await Task.Delay(BetweenAttempts, context.Time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Where the other nodes ask us: an address of the interface that is not ours, else the one from which the claims are reached.</summary>
    private static IPAddress OwnAddress(LinuxLink link, Uri server)
    {
        var own = link.Read().Addresses
            .Where(each => !each.IsOurs)
            .Select(each => each.Address.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .FirstOrDefault();
        if (own is not null)
            return own;
        try
        {
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(server.DnsSafeHost, server.Port); // sends nothing: the kernel looks up the route
            return ((IPEndPoint)socket.LocalEndPoint!).Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return IPAddress.Loopback; // the peers will miss its answers, and it theirs
        }
    }
}
