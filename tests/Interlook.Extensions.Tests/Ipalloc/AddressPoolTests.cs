using System.Net;
using Interlook.Extensions.Ipalloc;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.Ipalloc;

public sealed class AddressPoolTests
{
    [Fact]
    public void The_lowest_free_address_is_leased_first()
    {
        var pool = Pool("10.0.0.0/29");

        var leased = Enumerable.Range(0, 7).Select(i => Show(pool, pool.TakeLowest(Holder($"service {i}")))).ToList();

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", null], leased);
    }

    [Fact]
    public void An_address_has_one_holder_until_that_lets_go()
    {
        var pool = Pool("10.0.0.0/29");
        var second = AddressNumber.Of(IPAddress.Parse("10.0.0.2"));

        Assert.True(pool.Take(second, Holder("holder")));
        Assert.True(pool.Take(second, Holder("holder")));
        Assert.False(pool.Take(second, Holder("other")));
        pool.Return(second, Holder("holder"));
        Assert.True(pool.Take(second, Holder("other")));
        Assert.Equal(Holder("other"), pool.HolderOf(second));
    }

    [Fact]
    public void A_freed_address_is_leased_again_before_higher_ones()
    {
        var pool = Pool("10.0.0.0/24");
        for (var i = 0; i < 10; i++)
            pool.TakeLowest(Holder($"service {i}"));

        pool.Return(AddressNumber.Of(IPAddress.Parse("10.0.0.7")), Holder("service 6"));
        pool.Return(AddressNumber.Of(IPAddress.Parse("10.0.0.3")), Holder("service 2"));

        Assert.Equal("10.0.0.3", Show(pool, pool.TakeLowest(Holder("a"))));
        Assert.Equal("10.0.0.7", Show(pool, pool.TakeLowest(Holder("b"))));
        Assert.Equal("10.0.0.11", Show(pool, pool.TakeLowest(Holder("c"))));
    }

    [Theory]
    [InlineData("10.0.0.0/30", 2, "10.0.0.1")]
    [InlineData("10.0.0.0/31", 2, "10.0.0.0")]
    [InlineData("10.0.0.9/32", 1, "10.0.0.9")]
    [InlineData("0.0.0.0/0", 4294967294.0, "0.0.0.1")]
    [InlineData("2001:db8::/64", 18446744073709551615.0, "2001:db8::1")]
    [InlineData("2001:db8::/127", 2, "2001:db8::")]
    [InlineData("2001:db8::5/128", 1, "2001:db8::5")]
    [InlineData("::/0", 340282366920938463463374607431768211455.0, "::1")]
    public void Network_and_broadcast_addresses_are_left_out_where_there_are_any(string network, double size, string first)
    {
        var pool = Pool(network);

        Assert.Equal(size, pool.Size);
        Assert.Equal(first, Show(pool, pool.TakeLowest(Holder("a"))));
    }

    [Fact]
    public void Excluded_addresses_are_skipped()
    {
        var pool = Pool("10.0.0.0/28", "10.0.0.1-10.0.0.3", "10.0.0.5", "10.0.0.8/29", "10.0.0.2-10.0.0.3");

        Assert.Equal(3, pool.Size);
        Assert.Equal(["10.0.0.4", "10.0.0.6", "10.0.0.7", null], Enumerable.Range(0, 4).Select(i => Show(pool, pool.TakeLowest(Holder($"{i}")))));
        Assert.False(pool.Take(AddressNumber.Of(IPAddress.Parse("10.0.0.5")), Holder("a")));
    }

    [Fact]
    public void Memory_follows_the_leases_and_not_the_network_nor_the_past()
    {
        var pool = Pool("2001:db8::/64");
        for (var i = 0; i < 10_000; i++)
            pool.TakeLowest(Holder($"service {i}"));

        foreach (var (address, holder) in pool.Leases.OrderBy(lease => lease.Address).Take(9_999).ToList())
            pool.Return(address, holder);

        Assert.Equal(2, pool.FreeRanges);
    }

    /// <summary>Random leases, requests and returns agree with a plain list of addresses.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Generated_operations_agree_with_a_naive_model(int seed)
    {
        var random = new Random(seed);
        var family = random.Next(2) == 0 ? "10.9.8.0/26" : "2001:db8::ff00/122";
        var pool = Pool(family, seed % 3 == 0 ? [] : [family.Contains(':') ? "2001:db8::ff05-2001:db8::ff09" : "10.9.8.5-10.9.8.9"]);
        var space = Enumerable.Range(0, 64).Select(i => Network.Parse(family).Range.First + (UInt128)i).Where(pool.Has).ToList();
        var model = new SortedDictionary<UInt128, ServiceKey>();

        for (var step = 0; step < 600; step++)
        {
            var holder = Holder($"service {random.Next(40)}");
            var address = Network.Parse(family).Range.First + (UInt128)random.Next(64);
            switch (random.Next(3))
            {
                case 0:
                    var free = space.Where(candidate => !model.ContainsKey(candidate)).Cast<UInt128?>().FirstOrDefault();
                    Assert.Equal(free, pool.TakeLowest(holder));
                    if (free is { } lowest)
                        model.Add(lowest, holder);
                    break;
                case 1:
                    var may = space.Contains(address) && (!model.TryGetValue(address, out var its) || its == holder);
                    Assert.Equal(may, pool.Take(address, holder));
                    if (may)
                        model[address] = holder;
                    break;
                default:
                    var owner = model.GetValueOrDefault(address, holder);
                    pool.Return(address, owner);
                    model.Remove(address);
                    break;
            }
            Assert.Equal(model.Select(lease => (lease.Key, lease.Value)), pool.Leases.OrderBy(lease => lease.Address));
            Assert.Equal(model.Count, pool.Used);
            Assert.Equal(model.TryGetValue(address, out var present) ? present : (ServiceKey?)null, pool.HolderOf(address));
            Assert.Equal(
                model.Where(lease => lease.Value == holder).Select(lease => lease.Key),
                pool.HeldBy(holder).Order());
            Assert.True(pool.FreeRanges <= model.Count + 2);
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    private static ServiceKey Holder(string name) => new(ServiceKey.DefaultWorkflow, name);

    private static AddressPool Pool(string network, params string[] excluded) => new IpallocOptions
    {
        Network = Network.Parse(network),
        Excluded = [.. excluded.Select(AddressExclusion.Parse)],
    }.CreatePool();

    private static string? Show(AddressPool pool, UInt128? address) => address is { } number ? AddressNumber.Show(number, pool.Family) : null;
}
