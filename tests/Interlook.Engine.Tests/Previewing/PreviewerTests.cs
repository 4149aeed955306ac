using Interlook.Engine.Previewing;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Engine.Tests.Previewing;

public sealed class PreviewerTests : IAsyncDisposable
{
    private readonly KeptEntries entries = new();
    private readonly TestBed.ScriptedPlatform platform = new();
    private readonly Dictionary<string, TestBed.Step> steps = Sample.Workflow.Steps.ToDictionary(step => step, _ => new TestBed.Step());

    public ValueTask DisposeAsync() => entries.DisposeAsync();

    [Fact]
    public async Task Nothing_is_called_and_nothing_is_stored()
    {
        await KeepAsync("shop");
        var writes = entries.Writes;
        Say(Sample.Definition("blog"));

        var preview = await LookAsync();

        Assert.Equal(["blog+++", "shop---"], Shown(preview));
        Assert.All(steps.Values, step => Assert.Empty(step.Calls));
        Assert.All(steps.Values, step => Assert.True(step.IsStopped));
        Assert.Equal(writes, entries.Writes);
    }

    [Fact]
    public async Task What_is_deployed_and_in_place_leaves_nothing_to_do()
    {
        await KeepAsync("shop");
        Say(Sample.Definition());

        Assert.Empty((await LookAsync()).Steps);
    }

    [Fact]
    public async Task Drift_and_orphans_are_shown()
    {
        await KeepAsync("shop");
        Say(Sample.Definition());
        var gone = new ServiceKey(ServiceKey.DefaultWorkflow, "gone");
        steps["dns.b"].Observe = applied => new Observation([new Drift(applied.Keys.Single(), "registration is missing")], [new Orphan("node x", gone)]);

        var preview = await LookAsync();

        Assert.Equal(("dns.b", PreviewAction.Change, "registration is missing"), (preview.Steps[0].Step, preview.Steps[0].Action, preview.Steps[0].Reason));
        Assert.Equal(new PreviewedOrphan("dns.b", "node x"), Assert.Single(preview.Orphans));
    }

    [Fact]
    public async Task A_platform_that_cannot_be_read_withdraws_nothing_and_is_a_problem()
    {
        await KeepAsync("shop");
        platform.Events.Writer.Complete(new ExtensionException(Reason.Unreachable, "the platform hung up"));

        var preview = await LookAsync();

        Assert.Empty(preview.Steps);
        Assert.Equal("the platform hung up", Assert.Single(preview.Problems));
    }

    [Fact]
    public async Task A_step_that_cannot_be_read_drifts_nowhere_and_is_a_problem()
    {
        await KeepAsync("shop");
        Say(Sample.Definition());
        steps["lb.c"].Observe = _ => throw new ExtensionException(Reason.Unreachable, "the balancer is away");

        var preview = await LookAsync();

        Assert.Empty(preview.Steps);
        Assert.Equal("the balancer is away", Assert.Single(preview.Problems));
    }

    [Fact]
    public async Task A_snapshot_that_would_withdraw_most_is_held_as_the_engine_would_hold_it()
    {
        foreach (var number in Enumerable.Range(0, 20))
            await KeepAsync($"shop{number}");
        Say();

        var preview = await LookAsync();

        Assert.Empty(preview.Steps);
        Assert.Equal(20, preview.Held);
    }

    [Fact]
    public async Task Entries_of_a_workflow_that_is_gone_would_be_taken_back()
    {
        var old = Sample.Deployed(Sample.Definition()) with { Key = new ServiceKey("old", "shop") };
        await entries.WriteAsync(new RecordWrite<Entries.Entry>(old.Key.Path, Revision.None, old), TestContext.Current.CancellationToken);
        Say();

        Assert.Equal(["shop---"], Shown(await LookAsync()));
    }

    private static List<string> Shown(Preview preview) =>
    [
        .. preview.Steps.GroupBy(step => step.Service.Service)
            .Select(service => service.Key + string.Concat(service.Select(step => step.Action == PreviewAction.Remove ? "-" : "+"))),
    ];

    private void Say(params ServiceDefinition[] services) => platform.Events.Writer.TryWrite(new ProviderEvent.Snapshot([.. services]));

    private async Task KeepAsync(string name)
    {
        var entry = Sample.Deployed(Sample.Definition(name)) with { Key = new ServiceKey(ServiceKey.DefaultWorkflow, name) };
        await entries.WriteAsync(new RecordWrite<Entries.Entry>(entry.Key.Path, Revision.None, entry), TestContext.Current.CancellationToken);
    }

    private Task<Preview> LookAsync() => new Previewer(new EngineOptions(), new EngineParts
    {
        Workflows = [Sample.Workflow],
        Providers = new Dictionary<string, IProvider> { [Sample.Provider] = platform },
        Provisioners = steps.ToDictionary(step => step.Key, step => (IProvisioner)step.Value),
        Store = entries,
        Time = TimeProvider.System,
        Random = new Random(1),
        Loggers = NullLoggerFactory.Instance,
    }).RunAsync(TestContext.Current.CancellationToken);
}
