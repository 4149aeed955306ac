using System.Diagnostics;
using System.Globalization;
using System.Net;
using Interlook.Fixtures.Kubernetes;
using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>The executable while the API server is away for long, or knows it no more, and when it starts meanwhile.</summary>
[Collection(ClusterCollection.Name)]
public sealed class KubernetesOutageTests(ClusterServers clusters) : IAsyncLifetime
{
    private KubernetesSite? opened;

    private KubernetesSite Site => opened ?? throw new InvalidOperationException("the site was not opened");

    public async ValueTask InitializeAsync()
    {
        opened = await KubernetesSite.OpenAsync(clusters);
        opened.Core = KubernetesSite.Restless;
    }

    public async ValueTask DisposeAsync()
    {
        if (opened is not null)
            await opened.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_down_for_more_than_a_minute_and_forgets_its_history_costs_nothing()
    {
        WantedService[] before = [await Site.CreateAsync("still", "10.1.0.1"), await Site.CreateAsync("moved", "10.1.0.2"), await Site.CreateAsync("going", "10.1.0.3")];
        var interlook = await Site.StartInterlookAsync();
        await Site.SettleAsync(interlook, before);
        await Site.HasEventAsync("going", "Deployed");
        Site.Proxy.ForgetCalls();

        // Interlook is cut off first, so that it cannot see the changes before the server goes.
        await Site.Proxy.StopAsync();
        Site.Observer.Release(before[1].Name);
        Site.Observer.Release(before[2].Name);
        WantedService[] after = [before[0], await Site.MoveAsync("moved", "10.1.0.4", "10.1.0.5"), await Site.CreateAsync("coming", "10.1.0.6")];
        await Site.DeleteAsync("going");
        await Site.Server.CompactEtcdAsync();
        await Site.Server.KillAsync();
        await Site.Proxy.ResumeAsync();
        await KubernetesSite.PassAsync(TimeSpan.FromSeconds(62));
        var entries = await interlook.EntriesAsync();
        var failures = (await interlook.FailureAsync("provider.kubernetes"), await interlook.FailureAsync("status.kubernetes"));
        await Site.Server.StartAsync();
        var recovery = await MeasureAsync(() => Site.SettleAsync(interlook, after));

        Assert.Equal(3, entries.Count);
        Assert.All(entries.Values, entry => Assert.Equal(("deployed", "deployed"), (entry.State, entry.Expected)));
        Assert.Equal(("Unreachable", "Unreachable"), (failures.Item1?.Reason, failures.Item2?.Reason));
        Assert.InRange(recovery, TimeSpan.Zero, TimeSpan.FromSeconds(30)); // informers try again within ten seconds; machines are slow
        await Site.HasEventAsync("going", "Withdrawn");
        Assert.Empty(Site.Observer.Losses);
        Assert.DoesNotContain(Writes(), call => !call.Body.Contains("coming", StringComparison.Ordinal) && !call.Body.Contains("going", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_comes_back_as_it_was_is_not_written_to()
    {
        WantedService[] services = [await Site.CreateAsync("one", "10.1.0.1"), await Site.CreateAsync("two", "10.1.0.2")];
        var interlook = await Site.StartInterlookAsync();
        await Site.SettleAsync(interlook, services);
        await Site.HasEventAsync("one", "Deployed");
        await Site.HasEventAsync("two", "Deployed");
        Site.Proxy.ForgetCalls();

        await Site.Server.CompactEtcdAsync();
        await Site.Server.KillAsync();
        await KubernetesSite.WaitAsync(() => "it is seen", async () => await interlook.FailureAsync("provider.kubernetes") is not null);
        await Site.Server.StartAsync();
        await MeasureAsync(() => Site.IsFollowedAsync(interlook));
        await KubernetesSite.PassAsync(TimeSpan.FromSeconds(4)); // everything is compared meanwhile
        await Site.AgreesAsync(interlook, services);

        Assert.Empty(Writes());
        Assert.Empty(Site.Observer.Losses);
    }

    [Fact]
    public async Task A_server_that_takes_requests_and_never_answers_is_given_up_and_asked_again()
    {
        var interlook = await Site.StartInterlookAsync();
        var still = await Site.CreateAsync("still", "10.1.0.1");
        await Site.SettleAsync(interlook, still);

        var hanging = new ApiFault(ApiFaultKind.Hang) { Times = ApiFault.UntilRemoved };
        Site.Proxy.Faults.Add(hanging);
        await Site.Proxy.AbortWatchesAsync();
        var coming = await Site.CreateAsync("coming", "10.1.0.2");
        await KubernetesSite.WaitAsync(() => "it is given up", async () => await interlook.FailureAsync("provider.kubernetes") is { Reason: "Timeout" });
        Site.Proxy.Faults.Remove(hanging);

        await MeasureAsync(() => Site.SettleAsync(interlook, still, coming));
        Assert.Empty(Site.Observer.Losses);
    }

    [Fact]
    public async Task An_account_that_is_made_anew_is_taken_up_with_its_next_token()
    {
        WantedService[] before = [await Site.CreateAsync("still", "10.1.0.1"), await Site.CreateAsync("going", "10.1.0.2")];
        var interlook = await Site.StartInterlookAsync();
        await Site.SettleAsync(interlook, before);
        await Site.HasEventAsync("going", "Deployed");
        Site.Proxy.ForgetCalls();

        // A token ends with its account, also when there is one of the same name again; a server remembers for ten seconds whom it let in.
        await Site.Server.KubectlAsync(["-n", ClusterServers.Account, "delete", "serviceaccount", ClusterServers.Account]);
        await ClusterServers.GrantAsync(Site.Server);
        await KubernetesSite.WaitAsync(
            () => "the token is refused", async () => (await Site.Server.As(Site.Token).SendAsync(HttpMethod.Get, "/api/v1/services")).Status == HttpStatusCode.Unauthorized);
        Site.Observer.Release(before[1].Name);
        var coming = await Site.UnseenAsync(4, async () =>
        {
            await Site.DeleteAsync("going");
            return await Site.CreateAsync("coming", "10.1.0.3");
        });
        await Site.Proxy.EndWatchesAsync();
        await KubernetesSite.WaitAsync(() => "it is said", async () => await interlook.FailureAsync("provider.kubernetes") is { Reason: "Unauthorized" });
        var entries = await interlook.EntriesAsync();
        await Site.RenewTokenAsync();
        var recovery = await MeasureAsync(() => Site.SettleAsync(interlook, before[0], coming));

        Assert.All(entries.Values, entry => Assert.Equal("deployed", entry.Expected));
        Assert.InRange(recovery, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Empty(Site.Observer.Losses);
        Assert.DoesNotContain(Writes(), call => call.Body.Contains("still", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_Interlook_that_starts_while_the_server_is_away_withdraws_nothing(bool waits)
    {
        WantedService[] before = [await Site.CreateAsync("still", "10.1.0.1"), await Site.CreateAsync("going", "10.1.0.2")];
        var interlook = await Site.StartInterlookAsync();
        await Site.SettleAsync(interlook, before);
        await Site.HasEventAsync("going", "Deployed");
        Assert.Equal(0, await interlook.StopAsync());

        await Site.Proxy.StopAsync();
        Site.Core += waits ? "\nwaitAtStart: true" : "";
        interlook = await Site.LaunchAsync();
        if (waits)
            await KubernetesSite.WaitAsync(() => $"it waits; it said {interlook.Log}", () => Task.FromResult(interlook.Log.Contains("tried again", StringComparison.Ordinal)));
        else
            await KubernetesSite.WaitAsync(() => $"it ends; it said {interlook.Log}", () => Task.FromResult(!interlook.IsRunning));
        Assert.Contains(Site.Proxy.Endpoint.Authority, interlook.Log, StringComparison.Ordinal);
        Site.Observer.Release(before[1].Name);
        await Site.DeleteAsync("going");
        var coming = await Site.CreateAsync("coming", "10.1.0.3");
        Site.Proxy.ForgetCalls();
        await Site.Proxy.ResumeAsync();
        if (!waits)
            interlook = await Site.StartInterlookAsync();
        await MeasureAsync(() => Site.SettleAsync(interlook, before[0], coming));

        Assert.Empty(Site.Observer.Losses);
        Assert.DoesNotContain(Writes(), call => call.Body.Contains("still", StringComparison.Ordinal));
    }

    private IEnumerable<ApiCall> Writes() => Site.Proxy.Calls.Where(call => call.IsWrite);

    private static async Task<TimeSpan> MeasureAsync(Func<Task> waitAsync)
    {
        var begun = Stopwatch.GetTimestamp();
        await waitAsync();
        var elapsed = Stopwatch.GetElapsedTime(begun);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exact after {elapsed.TotalSeconds:0.0} s"));
        return elapsed;
    }
}
