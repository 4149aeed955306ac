using Interlook.Extensions.ExternalIp.Kubernetes;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Tests.Kubernetes;
using Interlook.Fixtures;
using Interlook.Fixtures.Kubernetes;
using Xunit;
using ApiFault = Interlook.Fixtures.Kubernetes.ApiFault;

namespace Interlook.Extensions.Tests.ExternalIp.Kubernetes;

/// <summary>The election at a real API server, with clocks that the tests move.</summary>
public sealed class LeaderElectionTests(SharedKubernetes kubernetes)
{
    private static readonly LeaderElectionOptions Usual = new() { Identity = "" };

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_candidates_one_leads_and_the_other_follows_at_once_when_it_stops()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await using var first = new Candidate(api, ns, "first");
        await first.GoOnAsync("the first leads", () => first.Leads);
        await using var second = new Candidate(api, ns, "second");
        await second.GoOnAsync("the second has looked", () => second.Passed > TimeSpan.FromSeconds(4));
        var (ledBeside, waited) = (second.Leads, second.Passed);

        await first.StopAsync();
        await second.GoOnAsync("the second leads", () => second.Leads);

        Assert.False(ledBeside);
        Assert.False(first.Leads);
        Assert.True(second.Passed - waited < Usual.Duration);
        Assert.Equal(1, (await ReadAsync(api, ns)).LeaseTransitions);
    }

    [Fact]
    public async Task A_holder_that_was_killed_is_waited_for_by_our_clock_though_its_own_is_wrong()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await api.CreateAsync(
            api.Kinds.Leases,
            new LeaderLease
            {
                Metadata = new() { Namespace = ns, Name = "ipclaim-scheduler" },
                Spec = new() { HolderIdentity = "killed", LeaseDurationSeconds = 15, RenewTime = new(DateTimeOffset.UnixEpoch), LeaseTransitions = 1 },
            },
            Stopping);
        await using var candidate = new Candidate(api, ns, "next");

        await candidate.GoOnAsync("it leads", () => candidate.Leads);

        Assert.True(candidate.Passed >= Usual.Duration);
        Assert.Equal(("next", 2), ((await ReadAsync(api, ns)).HolderIdentity, (await ReadAsync(api, ns)).LeaseTransitions));
    }

    [Fact]
    public async Task A_holder_that_was_stopped_past_its_deadline_works_no_more_when_it_goes_on()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await using var stopped = new Candidate(api, ns, "stopped");
        await stopped.GoOnAsync("the first leads", () => stopped.Leads);
        await using var other = new Candidate(api, ns, "other");
        await other.GoOnAsync("the other leads", () => other.Leads);

        stopped.Time.Advance(Usual.Duration);
        await Eventually.TrueAsync("it works no more", () => !stopped.Leads);
        await stopped.GoOnAsync("it has looked anew", () => stopped.Passed > TimeSpan.FromSeconds(6));

        Assert.Equal((1, false), (stopped.Terms, stopped.Leads));
        Assert.Equal("other", (await ReadAsync(api, ns)).HolderIdentity);
    }

    [Fact]
    public async Task Without_the_API_server_nobody_leads_past_the_deadline_and_the_process_leads_again_when_it_is_back()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await using var proxy = await KubernetesProxy.StartAsync(server);
        using var api = new ApiServer(TestAccess.Of(server) with { Endpoint = proxy.Endpoint }, TimeProvider.System, isReadOnly: false);
        await using var candidate = new Candidate(api, ns, "only");
        await candidate.GoOnAsync("it leads", () => candidate.Leads);

        await proxy.StopAsync();
        var before = candidate.Passed;
        await candidate.GoOnAsync("it leads no more", () => !candidate.Leads);
        var after = candidate.Passed - before;
        await proxy.ResumeAsync();
        await candidate.GoOnAsync("it leads again", () => candidate.Leads);

        Assert.True(after <= Usual.RenewDeadline);
        Assert.Equal(2, candidate.Terms);
    }

    [Fact]
    public async Task A_call_that_hangs_does_not_put_off_the_deadline()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        await using var proxy = await KubernetesProxy.StartAsync(server);
        using var api = new ApiServer(TestAccess.Of(server) with { Endpoint = proxy.Endpoint }, TimeProvider.System, isReadOnly: false);
        await using var candidate = new Candidate(api, ns, "only");
        await candidate.GoOnAsync("it leads", () => candidate.Leads);
        proxy.Faults.Add(new ApiFault(ApiFaultKind.Hang) { Times = ApiFault.UntilRemoved });
        await candidate.GoOnAsync("a call hangs", () => proxy.Held > 0);

        candidate.Time.Advance(Usual.RenewDeadline);

        await Eventually.TrueAsync("it leads no more", () => !candidate.Leads);
        proxy.Faults.Clear();
    }

    private static async Task<LeaderLeaseSpec> ReadAsync(ApiServer api, string ns) =>
        (await api.GetAsync(api.Kinds.Leases, new ObjectName(ns, "ipclaim-scheduler"), Stopping))!.Spec!;
}
