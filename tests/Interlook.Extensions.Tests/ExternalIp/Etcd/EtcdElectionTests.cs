using System.Collections.Concurrent;
using Interlook.Extensions.ExternalIp.Etcd;
using Interlook.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Etcd;

/// <summary>One of several schedulers leads, by a key in a real etcd.</summary>
public sealed class EtcdElectionTests(EtcdServer etcd) : IClassFixture<EtcdServer>, IAsyncLifetime
{
    private static readonly ElectionTimes Short = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1.5), TimeSpan.FromMilliseconds(100));

    private readonly List<Candidate> candidates = [];

    public async ValueTask InitializeAsync()
    {
        await etcd.StartAsync();
        await etcd.ClearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var candidate in candidates)
            await candidate.DisposeAsync();
    }

    [Fact]
    public async Task One_leads_and_another_follows_it_when_it_is_stopped()
    {
        var one = Stand("one");
        await Eventually.TrueAsync("one leads", () => one.Leads);
        var other = Stand("other");
        await Eventually.TrueAsync("the key names it", async () => await LeaderAsync() == "one");
        Assert.False(other.Leads);

        await one.DisposeAsync();

        await Eventually.TrueAsync("the other leads", () => other.Leads);
        Assert.False(one.Leads);
        Assert.Equal("other", await LeaderAsync());
    }

    [Fact]
    public async Task A_leader_that_died_is_followed_when_its_lease_has_ended_and_the_same_identity_at_once()
    {
        var lease = await etcd.ControlAsync("lease", "grant", "3");
        await etcd.ControlAsync("put", "/interlook/externalip/leader", "dead", $"--lease={lease.Split(' ')[1]}");

        var same = Stand("dead");
        await Eventually.TrueAsync("it has its place again", () => same.Leads);
        await same.DisposeAsync();
        lease = await etcd.ControlAsync("lease", "grant", "3");
        await etcd.ControlAsync("put", "/interlook/externalip/leader", "dead", $"--lease={lease.Split(' ')[1]}");
        var other = Stand("other");

        await Eventually.TrueAsync("the other leads", () => other.Leads);
    }

    [Fact]
    public async Task A_leader_whose_lease_is_gone_stops_leading_before_it_stands_again()
    {
        var one = Stand("one");
        await Eventually.TrueAsync("one leads", () => one.Leads);
        var record = Assert.Single(await etcd.ReadAsync());

        await etcd.ControlAsync("lease", "revoke", record.Lease.ToString("x", null));

        await Eventually.TrueAsync("one led, led no longer, and leads", () => one.Told.ToArray() is ["begins", "ends", "begins"]);
    }

    [Fact]
    public async Task A_leader_without_etcd_stops_leading_and_leads_again_when_it_is_back()
    {
        await using var own = new EtcdServer();
        await own.StartAsync();
        var one = Stand("one", own);
        await Eventually.TrueAsync("one leads", () => one.Leads);

        await own.StopAsync();
        await Eventually.TrueAsync("one leads no longer", () => !one.Leads);
        await own.StartAsync();

        await Eventually.TrueAsync("one leads again", () => one.Leads);
        await one.DisposeAsync();
    }

    private async Task<string> LeaderAsync() => (await etcd.ReadAsync()).Single().Value;

    private Candidate Stand(string identity, EtcdServer? server = null)
    {
        var candidate = new Candidate(identity, (server ?? etcd).Url);
        candidates.Add(candidate);
        return candidate;
    }

    private sealed class Candidate : IAsyncDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly EtcdClaimStore store;
        private readonly Task running;
        private volatile bool leads;

        public Candidate(string identity, Uri etcd)
        {
            store = new(new() { Endpoints = [etcd] }, TimeSpan.FromSeconds(1), TimeProvider.System, NullLoggerFactory.Instance);
            running = store.Election(identity, Short, new Random(1)).RunAsync(LeadAsync, stopping.Token);
        }

        public bool Leads => leads;

        public ConcurrentQueue<string> Told { get; } = [];

        public async ValueTask DisposeAsync()
        {
            if (stopping.IsCancellationRequested)
                return;
            await stopping.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            store.Dispose();
            stopping.Dispose();
        }

        private async Task LeadAsync(CancellationToken leading)
        {
            leads = true;
            Told.Enqueue("begins");
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(leading);
            }
            finally
            {
                leads = false;
                Told.Enqueue("ends");
            }
        }
    }
}
