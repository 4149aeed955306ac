using System.Diagnostics.Metrics;
using Interlook.Engine.Telemetry;
using Interlook.Extensions;
using Interlook.Providers;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task What_the_engine_records_is_exposed()
    {
        var engine = new FakeEngine
        {
            ExtensionList = [Samples.Lost("dns.consul"), Samples.Connected("provider.docker")],
            ProviderList =
            [
                Samples.InStep("provider.docker") with
                {
                    LastSync = new DateTimeOffset(2025, 12, 31, 23, 59, 18, TimeSpan.Zero),
                    Rejections = [new Rejection("container x", "no port")],
                    HeldWithdrawals = ["a", "b"],
                },
                Samples.InStep("provider.swarm") with { LastSync = null },
            ],
        }.With(Samples.Deployed("a"), Samples.Deployed("b"), Samples.Failed("c"));
        await using var api = await RunningApi.StartAsync(engine);
        using var instruments = new EngineInstruments(engine, api.Time);

        instruments.StepEnded("dns.consul", StepAction.Deploy, TimeSpan.FromMilliseconds(3));
        instruments.StepEnded("dns.consul", StepAction.Deploy, TimeSpan.FromMilliseconds(300));
        instruments.StepFailed("dns.consul", Reason.Conflict);
        instruments.ProviderSaid("provider.docker", new ProviderEvent.Withdrawn("a"));
        instruments.ProviderFailed("provider.docker", Reason.Unreachable);
        var metrics = PrometheusText.Parse(await api.GetTextAsync("/metrics"));

        var samples = metrics.Samples;
        Assert.Equal(0, samples["""interlook_step_duration_seconds_bucket{action="deploy",step="dns.consul",le="0.0025"}"""]);
        Assert.Equal(1, samples["""interlook_step_duration_seconds_bucket{action="deploy",step="dns.consul",le="0.005"}"""]);
        Assert.Equal(2, samples["""interlook_step_duration_seconds_count{action="deploy",step="dns.consul"}"""]);
        Assert.Equal(0.303, samples["""interlook_step_duration_seconds_sum{action="deploy",step="dns.consul"}"""], 9);
        Assert.Equal(1, samples["""interlook_step_errors_total{reason="Conflict",step="dns.consul"}"""]);
        Assert.Equal(1, samples["""interlook_provider_events_total{kind="withdrawn",provider="provider.docker"}"""]);
        Assert.Equal(1, samples["""interlook_provider_errors_total{provider="provider.docker",reason="Unreachable"}"""]);
        Assert.Equal(2, samples["""interlook_entries{expected="deployed",state="deployed",workflow="default"}"""]);
        Assert.Equal(1, samples["""interlook_entries{expected="deployed",state="dns.consul",workflow="default"}"""]);
        Assert.Equal(4, samples["""interlook_queue_depth{step="dns.consul"}"""]);
        Assert.Equal(42, samples["""interlook_provider_sync_age_seconds{provider="provider.docker"}"""]);
        Assert.False(samples.ContainsKey("""interlook_provider_sync_age_seconds{provider="provider.swarm"}"""));
        Assert.Equal(2, samples["""interlook_provider_held_withdrawals{provider="provider.docker"}"""]);
        Assert.Equal(1, samples["""interlook_provider_rejections{provider="provider.docker"}"""]);
        Assert.Equal(0, samples["""interlook_extension_connected{extension="dns.consul"}"""]);
        Assert.Equal(1, samples["""interlook_extension_connected{extension="provider.docker"}"""]);
        Assert.True(samples["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(samples["process_cpu_seconds_total"] > 0);
        Assert.True(samples["process_start_time_seconds"] > 1_600_000_000);
        Assert.True(samples["dotnet_gc_heap_bytes"] > 0);
        Assert.Equal("histogram", metrics.TypeOf("interlook_step_duration_seconds"));
        Assert.Equal("counter", metrics.TypeOf("interlook_step_errors_total"));
        Assert.Equal("gauge", metrics.TypeOf("interlook_entries"));
        Assert.Equal(metrics.Families.Order(StringComparer.Ordinal), metrics.Families);
    }

    [Fact]
    public async Task The_answer_bears_the_content_type_of_the_text_format()
    {
        await using var api = await RunningApi.StartAsync(new FakeEngine());

        using var answer = await api.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task What_is_no_longer_observed_disappears()
    {
        var engine = new FakeEngine { ExtensionList = [Samples.Connected("dns.consul")] };
        await using var api = await RunningApi.StartAsync(engine);
        using var instruments = new EngineInstruments(engine, api.Time);
        await api.GetTextAsync("/metrics");

        engine.ExtensionList = [Samples.Connected("lb.haproxy")];
        var samples = PrometheusText.Parse(await api.GetTextAsync("/metrics")).Samples;

        Assert.False(samples.ContainsKey("""interlook_extension_connected{extension="dns.consul"}"""));
        Assert.Equal(1, samples["""interlook_extension_connected{extension="lb.haproxy"}"""]);
    }

    [Fact]
    public async Task The_metrics_of_an_extension_appear_and_go_with_its_meter()
    {
        var engine = new FakeEngine();
        await using var api = await RunningApi.StartAsync(engine);
        var meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = engine });
        meter.CreateObservableGauge(
            "interlook.pool.addresses", () => new Measurement<long>(7, new("extension", "ipam.ipalloc"), new("state", "free")));
        meter.CreateUpDownCounter<int>("interlook.test.open").Add(3);

        var before = PrometheusText.Parse(await api.GetTextAsync("/metrics"));
        meter.Dispose();
        var after = PrometheusText.Parse(await api.GetTextAsync("/metrics"));

        Assert.Equal(7, before.Samples["""interlook_pool_addresses{extension="ipam.ipalloc",state="free"}"""]);
        Assert.Equal(3, before.Samples["interlook_test_open"]);
        Assert.Equal("gauge", before.TypeOf("interlook_test_open"));
        Assert.DoesNotContain("interlook_pool_addresses", after.Families);
    }

    [Fact]
    public async Task Two_meters_with_one_instrument_share_a_family()
    {
        var engine = new FakeEngine();
        await using var api = await RunningApi.StartAsync(engine);
        using var one = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = engine });
        using var two = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = engine });
        one.CreateObservableGauge("interlook.pool.addresses", () => new Measurement<long>(1, new KeyValuePair<string, object?>("extension", "one")));
        two.CreateObservableGauge("interlook.pool.addresses", () => new Measurement<long>(2, new KeyValuePair<string, object?>("extension", "two")));

        var samples = PrometheusText.Parse(await api.GetTextAsync("/metrics")).Samples;

        Assert.Equal(1, samples["""interlook_pool_addresses{extension="one"}"""]);
        Assert.Equal(2, samples["""interlook_pool_addresses{extension="two"}"""]);
    }

    [Fact]
    public async Task Names_are_converted_and_label_values_escaped()
    {
        var engine = new FakeEngine();
        await using var api = await RunningApi.StartAsync(engine);
        using var meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = engine });
        var odd = meter.CreateCounter<double>("interlook.odd-name.total", "{things}", "A back\\slash\nand a new line.");

        odd.Add(0.5, new KeyValuePair<string, object?>("a.label", "quote\" back\\ line\n <img src=x>"));
        odd.Add(1, new KeyValuePair<string, object?>("a.label", 5));
        var text = await api.GetTextAsync("/metrics");
        var metrics = PrometheusText.Parse(text);

        Assert.Contains("# HELP interlook_odd_name_total A back\\\\slash\\nand a new line.\n", text);
        Assert.Equal(0.5, metrics.Samples["""interlook_odd_name_total{a_label="quote\" back\\ line\n <img src=x>"}"""]);
        Assert.Equal(1, metrics.Samples["""interlook_odd_name_total{a_label="5"}"""]);
    }

    [Fact]
    public async Task Tags_in_another_order_are_the_same_series()
    {
        var engine = new FakeEngine();
        await using var api = await RunningApi.StartAsync(engine);
        using var meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = engine });
        var counter = meter.CreateCounter<long>("interlook.test");

        counter.Add(1, new("a", "1"), new("b", "2"));
        counter.Add(1, new("b", "2"), new("a", "1"));
        var samples = PrometheusText.Parse(await api.GetTextAsync("/metrics")).Samples;

        Assert.Equal(2, samples["""interlook_test_total{a="1",b="2"}"""]);
    }

    [Fact]
    public async Task A_gauge_that_cannot_be_read_is_missing_and_the_others_are_there()
    {
        var engine = new FakeEngine();
        var log = new LogLines();
        await using var api = await RunningApi.StartAsync(engine, loggers: log);
        using var meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = engine });
        meter.CreateObservableGauge<long>("interlook.broken", new Func<long>(() => throw new InvalidOperationException("stopped")));

        var metrics = PrometheusText.Parse(await api.GetTextAsync("/metrics"));

        Assert.DoesNotContain("interlook_broken", metrics.Families);
        Assert.Contains("process_resident_memory_bytes", metrics.Families);
        Assert.Single(log.Lines, line => line.StartsWith("Warning: some metrics could not be read"));
    }

    [Fact]
    public async Task Scrapes_and_recording_go_on_side_by_side_and_nothing_is_lost()
    {
        const int Recorders = 4;
        const int Each = 20_000;
        var engine = new FakeEngine { ExtensionList = [Samples.Connected("dns.consul")] };
        await using var api = await RunningApi.StartAsync(engine);
        using var instruments = new EngineInstruments(engine, api.Time);

        var recording = Enumerable.Range(0, Recorders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                instruments.StepEnded("dns.consul", StepAction.Deploy, TimeSpan.FromSeconds(0.25));
        }));
        var scraping = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
                Assert.Contains("interlook_extension_connected", PrometheusText.Parse(await api.GetTextAsync("/metrics")).Families);
        });
        await Task.WhenAll(recording.Concat(scraping));
        var samples = PrometheusText.Parse(await api.GetTextAsync("/metrics")).Samples;

        Assert.Equal(Recorders * Each, samples["""interlook_step_duration_seconds_count{action="deploy",step="dns.consul"}"""]);
        Assert.Equal(Recorders * Each * 0.25, samples["""interlook_step_duration_seconds_sum{action="deploy",step="dns.consul"}"""]);
    }

    [Fact]
    public async Task Recording_a_known_series_allocates_nothing()
    {
        var engine = new FakeEngine();
        await using var api = await RunningApi.StartAsync(engine);
        using var instruments = new EngineInstruments(engine, api.Time);
        Record();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Record();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Record()
        {
            instruments.StepEnded("dns.consul", StepAction.Undeploy, TimeSpan.FromMilliseconds(1));
            instruments.StepFailed("dns.consul", Reason.Timeout);
            instruments.ProviderFailed("provider.docker", Reason.Timeout);
        }
    }
}
