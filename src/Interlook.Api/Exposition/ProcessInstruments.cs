using System.Diagnostics;
using System.Diagnostics.Metrics;
using Interlook.Engine.Telemetry;

namespace Interlook.Api.Exposition;

/// <summary>What every Prometheus user expects of a process, read when somebody scrapes.</summary>
internal sealed class ProcessInstruments : IDisposable
{
    private readonly Meter meter;

    public ProcessInstruments(object scope)
    {
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter = new Meter(new MeterOptions(EngineInstruments.MeterName) { Scope = scope });
        meter.CreateObservableCounter(
            "process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process, user and system.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        meter.CreateObservableGauge("process.start_time", () => started, "s", "When the process started, since the Unix epoch.");
        meter.CreateObservableGauge(
            "dotnet.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Memory on the garbage-collected heap.");
    }

    public void Dispose() => meter.Dispose();
}
