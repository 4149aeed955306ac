using System.Net;
using System.Runtime.CompilerServices;
using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Answering;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Extensions.Tests.Kubernetes.Publishing;
using Interlook.Fixtures;
using Interlook.Services;
using Interlook.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Answering;

/// <summary>What a Service's user reads of its entry: a condition, and Events.</summary>
public sealed class EntryTellerTests : IAsyncDisposable
{
    private const string Provider = "provider.kubernetes";
    private const string Step = "status.kubernetes";
    private const int Burst = 50;

    private static readonly ServiceKey Web = new(ServiceKey.DefaultWorkflow, "shop/web");

    private readonly CancellationTokenSource stopped = new();
    private readonly ManualTimeProvider time = new();
    private readonly MemoryInformer<Service> services = new();
    private readonly MemoryStatusServer server;
    private readonly EventWriter events;
    private readonly EntryTeller teller;
    private readonly Task writing;

    public EntryTellerTests()
    {
        server = new(services);
        services.Put(new Service
        {
            Metadata = new() { Namespace = "shop", Name = "web", Uid = "one", ResourceVersion = "1" },
            Spec = new() { Type = Service.LoadBalancer, LoadBalancerClass = PublishingRules.DefaultClass },
        });
        var keeper = new StatusKeeper(services, server, new("test"), service => PublishingRules.IsOfClass(service, PublishingRules.DefaultClass), time, NullLogger.Instance);
        events = new(services, server, time, new Random(1), NullLogger.Instance);
        teller = new(new StatusTranslation(Step, withHostNames: true), keeper, events, NullLogger.Instance);
        writing = events.RunAsync(stopped.Token);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await Record.ExceptionAsync(() => writing);
        stopped.Dispose();
    }

    [Fact]
    public async Task A_failure_of_an_earlier_step_is_a_condition_and_a_warning()
    {
        await TellAsync(Changed(EntryAt("ipam.ipalloc") with { Failure = new("ipam.ipalloc", Reason.Exhausted, "no address is left", 1) }));

        Assert.Equal(["shop/web:  False Exhausted"], server.Writes);
        var said = await OneEventAsync();
        Assert.Equal((Event.Warning, "DeployFailed", "Exhausted at ipam.ipalloc: no address is left"), (said.Type, said.Reason, said.Message));
        Assert.Equal(("Service", "shop", "web", "one"), (said.InvolvedObject.Kind, said.InvolvedObject.Namespace, said.InvolvedObject.Name, said.InvolvedObject.Uid));
    }

    [Fact]
    public async Task The_same_failure_again_is_not_told_again()
    {
        var failed = EntryAt("ipam.ipalloc") with { Failure = new("ipam.ipalloc", Reason.Exhausted, "no address is left", 1) };

        await TellAsync(Changed(failed), Changed(failed with { Failure = failed.Failure with { Attempts = 2 } }));

        await OneEventAsync();
        Assert.Single(server.Writes);
    }

    [Fact]
    public async Task A_deployment_is_told_with_its_address_and_names()
    {
        await TellAsync(Changed(Deployed()));

        var said = await OneEventAsync();
        Assert.Equal((Event.Normal, "Deployed", "Published at 10.0.0.1 as web.example.org."), (said.Type, said.Reason, said.Message));
    }

    [Fact]
    public async Task What_stood_so_before_the_start_is_not_told()
    {
        await TellAsync(new EntryNews(Web, Deployed(), IsChange: false), Changed(Deployed()));

        Assert.Equal("last", await NextEventAsync());
    }

    [Fact]
    public async Task A_withdrawal_takes_the_condition_back_and_is_told()
    {
        await TellAsync(
            Changed(EntryAt("ipam.ipalloc") with { Failure = new("ipam.ipalloc", Reason.Exhausted, "no address is left", 1) }),
            Changed(EntryAt(Entry.Undeployed) with { Expected = ExpectedState.Undeployed }));

        Assert.Equal("shop/web: ", server.Writes.Last());
        await Eventually.TrueAsync("the newest is told", () => server.Events.LastOrDefault()?.Reason == "Withdrawn");
    }

    [Fact]
    public async Task Services_of_other_platforms_are_passed_over()
    {
        await TellAsync(Changed(Deployed() with { Desired = Definition() with { Provider = "provider.docker" } }));

        Assert.Empty(server.Writes);
        Assert.Equal("last", await NextEventAsync());
    }

    [Fact]
    public async Task Events_of_many_entries_keep_a_pace()
    {
        await TellOfOthersAsync(60);

        await AdvanceAsync(60);
    }

    [Fact]
    public async Task Of_an_entry_that_changes_while_it_waits_only_the_newest_is_told()
    {
        await TellOfOthersAsync(51);

        await TellAsync(
            Changed(Deployed()),
            Changed(EntryAt("ipam.ipalloc") with { Failure = new("ipam.ipalloc", Reason.Exhausted, "no address is left", 1) }),
            Changed(EntryAt(Entry.Undeployed) with { Expected = ExpectedState.Undeployed }));
        await AdvanceAsync(52);

        Assert.Equal(("web", "Withdrawn"), (server.Events.Last().InvolvedObject.Name, server.Events.Last().Reason));
        Assert.Single(server.Events, said => said.InvolvedObject.Name == "web");
    }

    private static EntryNews Changed(Entry entry) => new(Web, entry, IsChange: true);

    private static ServiceDefinition Definition() => new()
    {
        Name = "shop/web",
        Provider = Provider,
        DnsNames = ["web.example.org"],
        PublicIp = IPAddress.Parse("10.0.0.1"),
    };

    private static Entry EntryAt(string state) => new()
    {
        Key = Web,
        Desired = Definition(),
        Expected = ExpectedState.Deployed,
        State = state,
        TimeDetected = DateTimeOffset.UnixEpoch,
        LastUpdate = DateTimeOffset.UnixEpoch,
    };

    private static Entry Deployed() => EntryAt(Entry.Deployed) with { Steps = [new(Step, Definition(), Definition(), [])] };

    private Task TellAsync(params EntryNews[] news) => teller.FollowAsync(Stream(news, Stopping), Provider, Stopping);

    /// <summary>Tells of so many other entries, and waits until as many are written as may be at once.</summary>
    private async Task TellOfOthersAsync(int count)
    {
        foreach (var i in Enumerable.Range(0, count))
            events.Tell(Deployed() with { Key = new(ServiceKey.DefaultWorkflow, $"shop/web-{i}") }, isChange: true);
        await Eventually.TrueAsync("the first burst is written", () => server.Events.Count == Burst && time.NextDue is not null);
    }

    /// <summary>Lets time pass until so many are written, one after another.</summary>
    private async Task AdvanceAsync(int count)
    {
        for (var i = Burst + 1; i <= count; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Eventually.TrueAsync($"{i} are written", () => server.Events.Count == i);
        }
    }

    private async Task<Event> OneEventAsync()
    {
        await Eventually.TrueAsync("an Event is written", () => !server.Events.IsEmpty);
        return Assert.Single(server.Events);
    }

    /// <summary>Says something of one more Service, and gives the name of the one of which something was written first.</summary>
    private async Task<string?> NextEventAsync()
    {
        events.Tell(Deployed() with { Key = new(ServiceKey.DefaultWorkflow, "shop/last") }, isChange: true);
        await Eventually.TrueAsync("an Event is written", () => !server.Events.IsEmpty);
        return server.Events.First().InvolvedObject.Name;
    }

    private static async IAsyncEnumerable<EntryNews> Stream(EntryNews[] news, [EnumeratorCancellation] CancellationToken stopping)
    {
        foreach (var each in news)
        {
            await Task.Yield();
            stopping.ThrowIfCancellationRequested();
            yield return each;
        }
    }
}
