using System.Collections.Immutable;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures;
using Interlook.Fixtures.Networks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Holding;

/// <summary>A keeper on a real interface.</summary>
public sealed class AddressKeeperTests
{
    private static readonly LinkAddress A = LinkAddress.Of(NetworkLaboratory.FreeAddress(1), 24);
    private static readonly LinkAddress B = LinkAddress.Of(NetworkLaboratory.FreeIpv6Address(1), 64);

    [Fact]
    public async Task What_is_wanted_answers_and_what_is_no_longer_wanted_does_not()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        await using var running = new RunningKeeper(laboratory["node"]);

        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));
        await Eventually.TrueAsync("both answer", async () => await laboratory["client"].PingAsync(A.Address) && await laboratory["client"].PingAsync(B.Address));

        running.Want(B);
        await running.UntilAsync(report => report.Ours.SetEquals([B]));
        Assert.DoesNotContain(running.Addresses(), each => each == A);
    }

    [Fact]
    public async Task A_new_address_is_announced_at_once_and_repeatedly()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        await using var running = new RunningKeeper(laboratory["node"]);
        await using var capture = await FrameCapture.StartAsync(laboratory["client"]);

        running.Want(A, B);

        await Eventually.TrueAsync("all were seen", () =>
            capture.Count($"Request who-has {A.Address} tell {A.Address}") >= 2
            && capture.Count($"Reply {A.Address} is-at") >= 2
            && capture.Count($"neighbor advertisement, tgt is {B.Address}") >= 2);
    }

    [Fact]
    public async Task An_address_that_somebody_else_has_is_reported_and_added_once_he_lets_go()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "other");
        var other = laboratory["other"].Namespace;
        await other.IpAsync($"address add {A} dev eth0", $"address add {B} dev eth0 nodad");
        await using var running = new RunningKeeper(laboratory["node"]);

        running.Want(A, B);
        await running.UntilAsync(report => report.Conflicts.Count == 2);
        Assert.DoesNotContain(running.Addresses(), each => each == A || each == B);

        await other.IpAsync($"address delete {A} dev eth0", $"address delete {B} dev eth0");
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]) && report.Conflicts.IsEmpty);
    }

    [Fact]
    public async Task An_address_that_is_there_by_somebody_elses_doing_is_left_alone()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await laboratory["node"].Namespace.IpAsync($"address add {A} dev eth0");
        await using var running = new RunningKeeper(laboratory["node"]);

        running.Want(A);
        await running.UntilAsync(report => report.Foreign.SetEquals([A]));
        running.Want(B);
        await running.UntilAsync(report => report.Ours.SetEquals([B]));

        Assert.Contains(A, running.Addresses());
    }

    [Fact]
    public async Task A_hand_removed_address_comes_back()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await using var running = new RunningKeeper(laboratory["node"]);
        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));

        await laboratory["node"].Namespace.IpAsync($"address delete {A} dev eth0", $"address delete {B} dev eth0");

        await Eventually.TrueAsync("both are back", () => running.Addresses().IsSupersetOf([A, B]));
    }

    [Fact]
    public async Task After_an_interruption_the_addresses_are_there_and_announced()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        var node = laboratory["node"];
        await using var running = new RunningKeeper(node);
        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));

        await laboratory.UnplugAsync(node, LaboratoryNetwork.Front);
        await running.UntilAsync(report => report is { HasLink: true, IsRunning: false });
        await using (var capture = await FrameCapture.StartAsync(laboratory["client"]))
        {
            await laboratory.PlugAsync(node, LaboratoryNetwork.Front);
            await Eventually.TrueAsync("they are announced", () => capture.Count($"Reply {A.Address}") > 0 && capture.Count($"advertisement, tgt is {B.Address}") > 0);
        }

        await node.Namespace.IpAsync("link set eth0 down");
        await running.UntilAsync(report => !report.Ours.Contains(B));
        await node.Namespace.IpAsync("link set eth0 up");
        await running.UntilAsync(report => report.IsRunning && report.Ours.SetEquals([A, B]));

        await node.Namespace.IpAsync("link delete eth0");
        await running.UntilAsync(report => report is { HasLink: false, Ours.IsEmpty: true });
        await laboratory.PlugInAsync(node, LaboratoryNetwork.Front);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));
        await Eventually.TrueAsync("both answer", async () => await laboratory["client"].PingAsync(A.Address) && await laboratory["client"].PingAsync(B.Address));
    }

    [Fact]
    public async Task At_the_deadline_all_are_gone_though_nobody_says_anything_more()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await using var running = new RunningKeeper(laboratory["node"]);
        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));

        running.Want(TimeSpan.FromMilliseconds(500), A, B);
        await running.UntilAsync(report => report.Ours.IsEmpty);

        Assert.DoesNotContain(running.Addresses(), each => each == A || each == B);
    }

    [Fact]
    public async Task A_fence_ends_when_all_are_gone_and_lasts_until_the_next_wish()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await using var running = new RunningKeeper(laboratory["node"]);
        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));

        await running.Keeper.FenceAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(running.Addresses(), each => each == A || each == B);

        running.Want(A);
        await running.UntilAsync(report => report.Ours.SetEquals([A]));
    }

    [Fact]
    public async Task Addresses_outlive_their_lifetime_while_the_keeper_runs_and_go_with_it()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        var running = new RunningKeeper(laboratory["node"]);
        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));

        var begun = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync("two lifetimes are over", () =>
        {
            Assert.Superset(ImmutableHashSet.Create(A, B), running.Addresses());
            return TimeProvider.System.GetElapsedTime(begun) > RunningKeeper.Lifetime * 2;
        });
        await running.DisposeAsync();

        using var link = laboratory["node"].Open();
        Assert.DoesNotContain(link.Read().Addresses, each => each.IsOurs);
    }

    [Fact]
    public async Task What_a_keeper_before_left_is_removed_when_nobody_wants_it()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        using (var link = laboratory["node"].Open())
        {
            link.Read();
            link.Add([A, B], TimeSpan.FromMinutes(1));
        }
        await using var running = new RunningKeeper(laboratory["node"]);

        running.Want(A);

        await Eventually.TrueAsync("the other is gone", () => running.Addresses() is var there && there.Contains(A) && !there.Contains(B));
    }

    [Fact]
    public async Task The_prefix_of_an_address_is_changed_over()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await using var running = new RunningKeeper(laboratory["node"]);
        running.Want(A, B);
        await running.UntilAsync(report => report.Ours.SetEquals([A, B]));
        LinkAddress[] others = [LinkAddress.Of(A.Address, 32), LinkAddress.Of(B.Address, 128)];

        running.Want(others);

        await running.UntilAsync(report => report.Ours.SetEquals(others));
        Assert.Superset(others.ToHashSet(), running.Addresses());
        Assert.DoesNotContain(running.Addresses(), each => each == A || each == B);
    }

    [Fact]
    public async Task A_bridge_without_ports_takes_addresses()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        await laboratory["node"].Namespace.IpAsync("link add docker0 type bridge", "link set docker0 up");
        await using var running = new RunningKeeper(laboratory["node"], "docker0");

        running.Want(LinkAddress.Of(A.Address, 32));

        await running.UntilAsync(report => report.Ours.Count == 1);
        await Eventually.TrueAsync("it answers by another interface", () => laboratory["client"].PingAsync(A.Address));
    }

    [Fact]
    public async Task On_lo_an_address_is_there_at_once()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node");
        await using var running = new RunningKeeper(laboratory["node"], "lo");
        var address = LinkAddress.Parse("192.0.2.1/32");

        running.Want(address);

        await running.UntilAsync(report => report.Ours.SetEquals([address]));
    }

    [Fact]
    public async Task Five_hundred_addresses_are_there_and_gone_again()
    {
        await using var laboratory = await NetworkLaboratory.CreateAsync("node", "client");
        await using var running = new RunningKeeper(laboratory["node"]);
        LinkAddress[] many = [.. Enumerable.Range(0, 500).Select(i => LinkAddress.Parse($"10.78.{i / 250}.{(i % 250) + 1}/32"))];
        var begun = TimeProvider.System.GetTimestamp();

        running.Want(many);
        await running.UntilAsync(report => report.Ours.SetEquals(many));
        var added = TimeProvider.System.GetElapsedTime(begun);
        begun = TimeProvider.System.GetTimestamp();
        await running.Keeper.FenceAsync(TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"added after {added.TotalMilliseconds:F0} ms, removed after {TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds:F0} ms");
        Assert.DoesNotContain(running.Addresses(), many.Contains);
    }

    /// <summary>A keeper at work.</summary>
    private sealed class RunningKeeper : IAsyncDisposable
    {
        internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

        private readonly CancellationTokenSource life = new();
        private readonly LinuxLink link;
        private readonly LinuxLink eyes;
        private readonly Task run;

        internal RunningKeeper(LaboratoryMachine machine, string name = "eth0")
        {
            link = machine.Open(name);
            eyes = machine.Open(name);
            // A resync that never comes: the news have to do.
            Keeper = new(link, TimeSpan.FromHours(1), TimeProvider.System, NullLogger<AddressKeeper>.Instance);
            run = Keeper.RunAsync(life.Token);
        }

        internal AddressKeeper Keeper { get; }

        internal void Want(params LinkAddress[] addresses) => Keeper.Want(new() { Addresses = [.. addresses], Lifetime = Lifetime });

        internal void Want(TimeSpan within, params LinkAddress[] addresses) => Keeper.Want(new()
        {
            Addresses = [.. addresses],
            Lifetime = TimeSpan.FromMinutes(1),
            Until = TimeProvider.System.GetTimestamp() + (long)(within.TotalSeconds * TimeProvider.System.TimestampFrequency),
        });

        /// <summary>What is really on the interface.</summary>
        internal HashSet<LinkAddress> Addresses() => [.. eyes.Read().Addresses.Select(each => each.Address)];

        internal async Task UntilAsync(Func<KeeperReport, bool> condition)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            await foreach (var report in Keeper.FollowAsync(patience.Token))
            {
                if (condition(report))
                    return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await life.CancelAsync();
            await run;
            link.Dispose();
            eyes.Dispose();
            life.Dispose();
        }
    }
}
