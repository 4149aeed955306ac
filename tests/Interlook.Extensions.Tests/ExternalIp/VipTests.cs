using System.Net;
using Interlook.Extensions.ExternalIp;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.Tests.ExternalIp.Claims;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Interlook.Storage;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp;

/// <summary>What <c>vip.externalip</c> makes of a public address, and of what stands in its way. Scheduler and nodes are the test's own writes.</summary>
public sealed class VipTests
{
    private readonly InMemoryClaimStore store = new();
    private readonly ManualTimeProvider time = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private static ServiceKey Shop => new("default", "shop");

    [Fact]
    public async Task A_service_without_a_public_address_is_told_to_get_one()
    {
        var failure = await Assert.ThrowsAsync<ExtensionException>(async () => await (await StartAsync()).DeployAsync(Shop, Definition(null), [], Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Equal("service shop has no public address: put an address step, such as ipam.ipalloc, before vip.externalip", failure.Message);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ff02::1")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task An_address_that_no_interface_can_have_is_refused(string address)
    {
        var failure = await Assert.ThrowsAsync<ExtensionException>(async () => await (await StartAsync()).DeployAsync(Shop, Definition(address), [], Stopping));

        Assert.Equal(Reason.Invalid, failure.Reason);
    }

    [Theory]
    [InlineData("10.0.0.7", "10-0-0-7-24", "10.0.0.7/24")]
    [InlineData("2001:db8::7", "2001-db8-0-0-0-0-0-7-128", "2001:db8::7/128")]
    public async Task A_deploy_ends_when_a_node_has_the_claim(string address, string name, string cidr)
    {
        var deploy = (await StartAsync()).DeployAsync(Shop, Definition(address), [], Stopping);
        var made = await FirstAsync(name);
        Assert.False(deploy.IsCompleted);

        await store.Claims.UpdateAsync(made.Value.For("node1", "node1"), made.Revision, Stopping);
        await PassAsync(deploy);

        Assert.Equal(IPAddress.Parse(address), (await deploy).PublicIp);
        Assert.Equal((cidr, ""), (made.Value.Spec.Cidr, made.Value.Holder));
        var owner = Assert.Single(made.Value.Metadata.OwnerReferences);
        Assert.Equal(("InterlookEntry", "shop", "test/default/shop"), (owner.Kind, owner.Name, owner.Uid));
    }

    [Fact]
    public async Task Without_a_living_node_a_deploy_fails_and_says_so_and_the_claim_waits()
    {
        var deploy = (await StartAsync()).DeployAsync(Shop, Definition("10.0.0.7"), [], Stopping);
        await PassAsync(deploy);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => deploy);

        Assert.Equal(Reason.Unavailable, failure.Reason);
        Assert.Contains("claim 10-0-0-7-24 of 10.0.0.7 for service shop has no living node", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.Claims.ReadAsync("10-0-0-7-24", Stopping));
    }

    [Fact]
    public async Task A_conflict_on_the_link_fails_a_deploy_with_the_words_of_the_node()
    {
        await PutAsync(Owned("10.0.0.7/24").For("node1", "node1") is var held ? held with
        {
            Status = held.Status! with { Conditions = [new() { Type = ClaimCondition.Announced, Status = "False", Message = "02:00:00:00:00:01 answers for it" }] },
        } : held);
        var provisioner = await StartAsync();

        var deploy = provisioner.DeployAsync(Shop, Definition("10.0.0.7"), [], Stopping);
        await PassAsync(deploy);
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => deploy);
        var observed = await ObserveAsync(provisioner, "10.0.0.7");

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("02:00:00:00:00:01 answers for it", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is not announced by node1", Assert.Single(observed.Drifts).Difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.7/24")]
    [InlineData("10.0.0.7/32")]
    public async Task A_claim_of_a_Service_is_a_conflict_and_untouched(string cidr)
    {
        var theirs = await PutAsync(Made(cidr).OwnedBy(["default/web"]).For("node1", "node1"));

        var failure = await Assert.ThrowsAsync<ExtensionException>(async () => await (await StartAsync()).DeployAsync(Shop, Definition("10.0.0.7"), [], Stopping));
        await (await StartAsync()).UndeployAsync(Shop, [Definition("10.0.0.7")], Stopping);

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("belongs to ServiceReference default/web", failure.Message, StringComparison.Ordinal);
        Assert.Equal(theirs.Revision, Assert.Single((await store.Claims.ListAsync(Stopping)).Records).Value.Revision);
    }

    [Fact]
    public async Task A_claim_that_a_Service_wants_too_stays_without_our_owner()
    {
        await PutAsync(Owned("10.0.0.7/24").OwnedBy(["default/web"]).For("node1", "node1"));

        await (await StartAsync()).UndeployAsync(Shop, [Definition("10.0.0.7")], Stopping);

        var claim = (await store.Claims.ReadAsync("10-0-0-7-24", Stopping))!.Value.Value;
        Assert.Equal("ServiceReference default/web", claim.Owners);
        Assert.True(claim.IsHeldBy("node1"));
    }

    [Fact]
    public async Task An_undeploy_ends_when_the_holder_has_let_go_and_the_claim_is_gone()
    {
        await PutAsync(Owned("10.0.0.7/24").For("node1", "node1"));

        var undeploy = (await StartAsync()).UndeployAsync(Shop, [Definition("10.0.0.7")], Stopping);
        var given = await FirstAsync("10-0-0-7-24");
        Assert.Equal(("", "node1"), (given.Value.Node, given.Value.Holder));
        Assert.False(undeploy.IsCompleted);
        await store.Claims.UpdateAsync(given.Value.For("", ""), given.Revision, Stopping);
        await PassAsync(undeploy);

        await undeploy;
        Assert.Empty((await store.Claims.ListAsync(Stopping)).Records);
    }

    [Fact]
    public async Task An_undeploy_whose_node_does_not_let_go_fails_again_and_again_until_it_has()
    {
        await PutAsync(Owned("10.0.0.7/24").For("node1", "node1"));

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var undeploy = (await StartAsync()).UndeployAsync(Shop, [Definition("10.0.0.7")], Stopping);
            await PassAsync(undeploy);
            var failure = await Assert.ThrowsAsync<ExtensionException>(() => undeploy);
            Assert.Equal(Reason.Unavailable, failure.Reason);
            Assert.Contains("still held by node1", failure.Message, StringComparison.Ordinal);
        }
        var given = await FirstAsync("10-0-0-7-24");
        await store.Claims.DeleteAsync("10-0-0-7-24", given.Revision, Stopping);

        await (await StartAsync()).UndeployAsync(Shop, [Definition("10.0.0.7")], Stopping);
    }

    [Fact]
    public async Task A_service_with_another_address_gets_the_new_claim_before_it_gives_up_the_old()
    {
        await PutAsync(Owned("10.0.0.7/24").For("node1", "node1"));

        var deploy = (await StartAsync()).DeployAsync(Shop, Definition("10.0.0.8"), [Definition("10.0.0.7")], Stopping);
        var made = await FirstAsync("10-0-0-8-24");
        Assert.True((await FirstAsync("10-0-0-7-24")).Value.IsHeldBy("node1"));
        await store.Claims.UpdateAsync(made.Value.For("node1", "node1"), made.Revision, Stopping);
        await PassAsync(deploy, async () =>
        {
            if (await store.Claims.ReadAsync("10-0-0-7-24", Stopping) is { Value: { Node: "", Holder: "node1" } former } stored)
                await store.Claims.UpdateAsync(former.For("", ""), stored.Revision, Stopping);
        });

        await deploy;
        Assert.Equal(["10-0-0-8-24"], (await store.Claims.ListAsync(Stopping)).Records.Keys);
    }

    [Fact]
    public async Task A_claim_that_was_changed_by_hand_is_drift_and_a_deploy_writes_it_right()
    {
        var claim = Owned("10.0.0.7/24").For("node1", "node1");
        await PutAsync(claim with { Spec = claim.Spec with { Cidr = "10.0.0.99/24" } });
        var provisioner = await StartAsync();

        var observed = await ObserveAsync(provisioner, "10.0.0.7");
        await provisioner.DeployAsync(Shop, Definition("10.0.0.7"), [Definition("10.0.0.7")], Stopping);

        Assert.Equal("claim 10-0-0-7-24 says 10.0.0.99/24", Assert.Single(observed.Drifts).Difference);
        Assert.Equal("10.0.0.7/24", (await FirstAsync("10-0-0-7-24")).Value.Spec.Cidr);
    }

    [Fact]
    public async Task A_claim_with_the_prefix_length_of_former_settings_is_kept()
    {
        await PutAsync(Owned("10.0.0.7/32").For("node1", "node1"));
        var provisioner = await StartAsync();

        await provisioner.DeployAsync(Shop, Definition("10.0.0.7"), [], Stopping);

        Assert.Equal(["10-0-0-7-32"], (await store.Claims.ListAsync(Stopping)).Records.Keys);
        Assert.Empty((await ObserveAsync(provisioner, "10.0.0.7")).Drifts);
    }

    [Fact]
    public async Task A_claim_that_lost_its_node_is_drift()
    {
        await PutAsync(Owned("10.0.0.7/24").For("", ""));

        var observed = await ObserveAsync(await StartAsync(), "10.0.0.7");

        Assert.Equal("claim 10-0-0-7-24 has no living node", Assert.Single(observed.Drifts).Difference);
    }

    private async Task<ExternalIpProvisioner> StartAsync()
    {
        var provisioner = new ExternalIpProvisioner(new() { Mask = 24 }, TestContexts.Create("vip.externalip", time: time), (_, _) => new(store, "claims in memory", new MemoryStream()));
        await provisioner.StartAsync(Stopping);
        return provisioner;
    }

    private static Task<Observation> ObserveAsync(ExternalIpProvisioner provisioner, string address) =>
        provisioner.ObserveAsync(new Dictionary<ServiceKey, ServiceDefinition> { [Shop] = Definition(address) }, Stopping);

    private static ServiceDefinition Definition(string? address) =>
        new() { Name = "shop", Provider = "provider.test", PublicIp = address is null ? null : IPAddress.Parse(address) };

    private static Claim Made(string cidr)
    {
        var spec = new ClaimSpec { Cidr = cidr };
        return new Claim { Metadata = ClaimMeta.Named(spec.Address!.Value.Name), Spec = spec };
    }

    private static Claim Owned(string cidr) => Made(cidr) is var claim
        ? claim with { Metadata = claim.Metadata with { OwnerReferences = [ClaimOwner.Of("test", Shop)] } }
        : claim;

    private async Task<StoredRecord<Claim>> PutAsync(Claim claim)
    {
        await store.Claims.CreateAsync(claim, Stopping);
        return await FirstAsync(claim.Metadata.Name);
    }

    private async Task<StoredRecord<Claim>> FirstAsync(string name) => (await store.Claims.ReadAsync(name, Stopping))!.Value;

    /// <summary>Lets time pass until a call has ended.</summary>
    private Task PassAsync(Task call, Func<Task>? meanwhile = null) => Eventually.TrueAsync("the call has ended", async () =>
    {
        if (meanwhile is not null)
            await meanwhile();
        time.Advance(TimeSpan.FromMilliseconds(500));
        return call.IsCompleted;
    });
}
