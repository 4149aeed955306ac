using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Interlook.Collections;
using Interlook.Extensions.FileStore;
using Interlook.Extensions.Ipalloc;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Ipalloc;

public sealed class IpallocProvisionerTests
{
    private readonly SimulatedDisk disk = new(new Random(5));

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_service_gets_an_address_and_keeps_it_over_a_restart()
    {
        var first = await StartAsync("10.0.0.0/29");
        var shop = await DeployAsync(first, "shop");
        var blog = await DeployAsync(first, "blog");
        await first.StopAsync(Stopping);

        var second = await StartAsync("10.0.0.0/29");

        Assert.Equal(blog, await DeployAsync(second, "blog"));
        Assert.Equal(shop, await DeployAsync(second, "shop"));
        Assert.Equal("10.0.0.3", await DeployAsync(second, "new"));
    }

    [Fact]
    public async Task A_lease_survives_a_crash_right_after_it_was_given()
    {
        var first = await StartAsync("10.0.0.0/29");
        var shop = await DeployAsync(first, "shop");
        disk.Crash();

        var second = await StartAsync("10.0.0.0/29");

        Assert.Equal("10.0.0.2", await DeployAsync(second, "blog"));
        Assert.Equal(shop, await DeployAsync(second, "shop"));
    }

    [Fact]
    public async Task An_address_that_is_given_back_goes_to_who_asked_for_it_by_name()
    {
        var ipalloc = await StartAsync("10.0.0.0/30");
        await DeployAsync(ipalloc, "holder");
        await DeployAsync(ipalloc, "other");
        var asking = Define("asking") with { PublicIp = System.Net.IPAddress.Parse("10.0.0.1") };
        await Assert.ThrowsAsync<ExtensionException>(() => ipalloc.DeployAsync(Key("asking"), asking, [], Stopping));

        await ipalloc.UndeployAsync(Key("holder"), [Define("holder")], Stopping);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(ipalloc, "anybody"));
        var applied = await ipalloc.DeployAsync(Key("asking"), asking, [], Stopping);

        Assert.Equal(Reason.Exhausted, failure.Reason);
        Assert.Equal("10.0.0.1", applied.PublicIp?.ToString());
    }

    [Fact]
    public async Task An_address_that_nobody_waits_for_any_more_is_anybodys()
    {
        var ipalloc = await StartAsync("10.0.0.0/30");
        await DeployAsync(ipalloc, "holder");
        await DeployAsync(ipalloc, "other");
        var asking = Define("asking") with { PublicIp = System.Net.IPAddress.Parse("10.0.0.1") };
        await Assert.ThrowsAsync<ExtensionException>(() => ipalloc.DeployAsync(Key("asking"), asking, [], Stopping));

        await ipalloc.UndeployAsync(Key("asking"), [asking], Stopping);
        await ipalloc.UndeployAsync(Key("holder"), [Define("holder")], Stopping);

        Assert.Equal("10.0.0.1", await DeployAsync(ipalloc, "anybody"));
    }

    [Fact]
    public async Task A_service_that_comes_back_gets_the_address_it_had_when_that_is_still_free()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");
        await DeployAsync(ipalloc, "lower");
        var had = await DeployAsync(ipalloc, "shop");
        await ipalloc.UndeployAsync(Key("lower"), [Define("lower")], Stopping);
        await ipalloc.UndeployAsync(Key("shop"), [Define("shop")], Stopping);

        Assert.Equal(had, await DeployAsync(ipalloc, "shop"));
        Assert.Equal("10.0.0.1", await DeployAsync(ipalloc, "new"));
    }

    [Fact]
    public async Task The_same_service_in_two_workflows_has_two_addresses()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");

        var one = await ipalloc.DeployAsync(new ServiceKey("one", "shop"), Define("shop"), [], Stopping);
        var two = await ipalloc.DeployAsync(new ServiceKey("two", "shop"), Define("shop"), [], Stopping);

        Assert.NotEqual(one.PublicIp, two.PublicIp);
    }

    [Fact]
    public async Task A_used_up_range_is_named_and_an_address_that_is_given_back_is_leased_again()
    {
        var ipalloc = await StartAsync("10.0.0.0/30");
        await DeployAsync(ipalloc, "a");
        await DeployAsync(ipalloc, "b");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(ipalloc, "c"));
        await ipalloc.UndeployAsync(Key("a"), [Define("a")], Stopping);
        var address = await DeployAsync(ipalloc, "c");

        Assert.Equal(Reason.Exhausted, failure.Reason);
        Assert.Contains("10.0.0.1-10.0.0.2 (2 addresses of 10.0.0.0/30)", failure.Message, StringComparison.Ordinal);
        Assert.Equal("10.0.0.1", address);
    }

    [Fact]
    public async Task A_requested_address_is_honoured_and_the_earlier_one_given_back()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");
        await DeployAsync(ipalloc, "shop");

        var moved = await DeployAsync(ipalloc, "shop", "10.0.0.5");
        var other = await DeployAsync(ipalloc, "blog");

        Assert.Equal("10.0.0.5", moved);
        Assert.Equal("10.0.0.1", other);
    }

    [Fact]
    public async Task A_request_that_is_taken_back_changes_nothing()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");
        await DeployAsync(ipalloc, "shop", "10.0.0.5");

        Assert.Equal("10.0.0.5", await DeployAsync(ipalloc, "shop"));
    }

    [Fact]
    public async Task A_requested_address_that_another_service_has_is_a_conflict_until_it_is_given_back()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");
        await DeployAsync(ipalloc, "holder", "10.0.0.5");
        await DeployAsync(ipalloc, "shop");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(ipalloc, "shop", "10.0.0.5"));
        await ipalloc.UndeployAsync(Key("holder"), [Define("holder")], Stopping);
        var address = await DeployAsync(ipalloc, "shop", "10.0.0.5");

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("service holder has", failure.Message, StringComparison.Ordinal);
        Assert.Equal("10.0.0.5", address);
    }

    [Theory]
    [InlineData("10.0.1.5")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.7")]
    [InlineData("10.0.0.4")]
    [InlineData("::ffff:10.0.0.3")]
    [InlineData("2001:db8::1")]
    public async Task A_requested_address_that_cannot_be_leased_is_refused(string address)
    {
        var ipalloc = await StartAsync("10.0.0.0/29", "10.0.0.4");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(ipalloc, "shop", address));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains($"service shop asks for {address}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_earlier_systems_file_is_converted_and_its_services_keep_their_addresses()
    {
        disk.Put("leases.db", """[{"ip": "10.0.0.4", "host": "shop"}, {"ip": "10.0.0.1", "host": "blog"}]""");

        var ipalloc = await StartAsync("10.0.0.0/29");

        Assert.Equal("10.0.0.4", await DeployAsync(ipalloc, "shop"));
        Assert.Equal("10.0.0.2", await DeployAsync(ipalloc, "new"));
        Assert.NotNull(disk.Content("leases.db.before-conversion"));
    }

    [Theory]
    [InlineData("""[{"ip": "10.0.0.4", "host": "shop"}, {"ip": "10.0.0.4", "host": "blog"}]""", "10.0.0.4 is leased twice, to 'default/shop' and to 'default/blog'")]
    [InlineData("""[{"ip": "10.0.0.400", "host": "shop"}]""", "'10.0.0.400' is not an IP address")]
    [InlineData("""[{"ip": "10.0.0.4"}]""", "a lease must have the texts ip and host")]
    [InlineData("""[{"ip": "10.0.0.4", "host": "sh""", "leases.db, line 1, column")]
    public async Task A_damaged_file_stops_the_start_and_is_named(string text, string expected)
    {
        disk.Put("leases.db", text);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => StartAsync("10.0.0.0/29"));

        Assert.Contains("leases.db", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, Encoding.UTF8.GetString(disk.Content("leases.db")!));
    }

    [Fact]
    public async Task After_a_change_of_the_range_a_service_keeps_its_address_until_it_is_deployed_again()
    {
        var first = await StartAsync("10.0.0.0/29");
        var before = Define("shop", await DeployAsync(first, "shop"));
        await first.StopAsync(Stopping);

        var second = await StartAsync("192.168.7.0/29");
        var kept = await second.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Key("shop")] = before }, Stopping);
        var after = await DeployAsync(second, "shop");
        await second.UndeployAsync(Key("shop"), [before], Stopping);
        await second.StopAsync(Stopping);

        Assert.Empty(kept.Drifts);
        Assert.Empty(kept.Orphans);
        Assert.Equal("192.168.7.1", after);
        Assert.DoesNotContain("10.0.0.1", Encoding.UTF8.GetString(disk.Content("leases.db")!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_file_was_lost_services_get_the_address_they_had()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");

        var applied = await ipalloc.DeployAsync(Key("shop"), Define("shop"), [Define("shop", "10.0.0.6")], Stopping);

        Assert.Equal("10.0.0.6", applied.PublicIp!.ToString());
    }

    [Fact]
    public async Task A_lease_that_cannot_be_written_is_not_acknowledged_and_kept_for_the_next_try()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");
        disk.Fails = (operation, _) => operation is "append" or "create";

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => DeployAsync(ipalloc, "shop"));
        disk.Fails = null;
        var other = await DeployAsync(ipalloc, "blog");
        var shop = await DeployAsync(ipalloc, "shop");
        disk.Crash();
        var again = await StartAsync("10.0.0.0/29");

        Assert.Equal(Reason.Unavailable, failure.Reason);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], [shop, other]);
        Assert.Equal(shop, await DeployAsync(again, "shop"));
    }

    [Fact]
    public async Task An_address_whose_return_could_not_be_written_is_not_leased_to_another()
    {
        var ipalloc = await StartAsync("10.0.0.0/29");
        await DeployAsync(ipalloc, "shop");
        disk.Fails = (operation, _) => operation is "append" or "create";

        await Assert.ThrowsAsync<ExtensionException>(() => ipalloc.UndeployAsync(Key("shop"), [Define("shop")], Stopping));
        disk.Fails = null;

        Assert.Equal("10.0.0.2", await DeployAsync(ipalloc, "blog"));
    }

    [Fact]
    public async Task The_use_of_the_pool_is_measured()
    {
        var ipalloc = await StartAsync("10.0.0.0/29", name: "ipam.measured");
        await DeployAsync(ipalloc, "shop");
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "interlook.pool.addresses")
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (tags[0].Value is "ipam.measured")
                measured[(string)tags[1].Value!] = value;
        });
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(6, measured["size"]);
        Assert.Equal(1, measured["used"]);
    }

    /// <summary>Random calls with crashes and disk failures in between: no address is ever acknowledged to two services.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Under_faults_no_address_is_leased_twice_and_what_was_acknowledged_is_kept(int seed)
    {
        var random = new Random(seed);
        var world = new SimulatedDisk(new Random(seed));
        var acknowledged = new Dictionary<ServiceKey, IPAddress>();
        var ipalloc = await StartAsync("10.0.0.0/28", on: world);
        for (var step = 0; step < 120; step++)
        {
            var key = Key($"service {random.Next(16)}");
            world.Fails = random.Next(6) == 0 ? (_, _) => random.Next(3) == 0 : null;
            try
            {
                if (random.Next(3) == 0)
                {
                    var had = acknowledged.Remove(key, out var address) ? address.ToString() : null; // once asked for, it may be gone
                    await ipalloc.UndeployAsync(key, [Define(key.Service, had)], Stopping);
                }
                else
                {
                    var requested = random.Next(4) == 0 ? $"10.0.0.{random.Next(1, 15)}" : null;
                    EquatableArray<ServiceDefinition> earlier =
                        acknowledged.TryGetValue(key, out var had) ? [Define(key.Service, had.ToString())] : [];
                    var applied = await ipalloc.DeployAsync(key, Define(key.Service, requested), earlier, Stopping);
                    if (requested is null && had is not null)
                        Assert.Equal(had, applied.PublicIp);
                    acknowledged[key] = applied.PublicIp!;
                }
            }
            catch (ExtensionException failure) when (failure.Reason is Reason.Unavailable or Reason.Conflict or Reason.Exhausted)
            {
                if (failure.Reason == Reason.Unavailable)
                    acknowledged.Remove(key); // half-way between two addresses
            }
            world.Fails = null;
            Assert.Equal(acknowledged.Count, acknowledged.Values.Distinct().Count());
            if (random.Next(10) == 0)
            {
                world.Crash();
                ipalloc = await StartAsync("10.0.0.0/28", on: world);
            }
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    private async Task<IpallocProvisioner> StartAsync(string network, string? excluded = null, SimulatedDisk? on = null, string name = "ipam.ipalloc")
    {
        var ipalloc = new IpallocProvisioner(
            new IpallocOptions
            {
                Network = Network.Parse(network),
                Excluded = excluded is null ? [] : [AddressExclusion.Parse(excluded)],
                DbFile = "leases.db",
            },
            TestContexts.Create(name, stores: new FileRecordStores((on ?? disk).Mount(), NullLoggerFactory.Instance, foldAfter: 400)));
        await ipalloc.StartAsync(Stopping);
        return ipalloc;
    }

    private static async Task<string> DeployAsync(IpallocProvisioner ipalloc, string service, string? requested = null) =>
        (await ipalloc.DeployAsync(Key(service), Define(service, requested), [], Stopping)).PublicIp!.ToString();

    private static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    private static ServiceDefinition Define(string service, string? address = null) => new()
    {
        Name = service,
        Provider = "provider.test",
        PublicIp = address is null ? null : IPAddress.Parse(address),
    };
}
