using System.Diagnostics.Metrics;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>The balancer's figures by service and target, read when somebody asks.</summary>
internal sealed class BalancerInstruments : IDisposable
{
    private readonly string extension;
    private readonly Func<IReadOnlyCollection<BalancedService>> services;
    private readonly Meter meter = new("Interlook");

    public BalancerInstruments(string extension, Func<IReadOnlyCollection<BalancedService>> services)
    {
        (this.extension, this.services) = (extension, services);
        meter.CreateObservableCounter("interlook.balancer.connections", () => Each(traffic => traffic.Connections), null, "Connections made to a target.");
        meter.CreateObservableCounter("interlook.balancer.connect.failures", () => Each(traffic => traffic.Failures), null, "Attempts to connect to a target that failed.");
        meter.CreateObservableGauge("interlook.balancer.connections.open", () => Each(traffic => (long)traffic.Open), null, "Connections to a target that are open.");
        meter.CreateObservableCounter("interlook.balancer.received", () => Each(traffic => traffic.BytesReceived), "By", "Bytes that clients sent to a target.");
        meter.CreateObservableCounter("interlook.balancer.sent", () => Each(traffic => traffic.BytesSent), "By", "Bytes that a target sent to clients.");
        meter.CreateObservableGauge("interlook.balancer.target.healthy", Healths, null, "1 while a target gets traffic, 0 while it is unhealthy or draining.");
        meter.CreateObservableCounter("interlook.balancer.refused", Refusals, null, "Connections that were closed for want of a healthy target.");
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<long>> Each(Func<Traffic, long> figure) =>
        from service in services()
        from target in service.Condition.Targets
        select new Measurement<long>(figure(target.Traffic), Tags(service.Key, target.Target));

    private IEnumerable<Measurement<long>> Healths() =>
        from service in services()
        from target in service.Condition.Targets
        let isOut = target.Health is TargetHealth.Unhealthy or TargetHealth.Draining
        select new Measurement<long>(isOut ? 0 : 1, Tags(service.Key, target.Target));

    private IEnumerable<Measurement<long>> Refusals() =>
        services().Select(service => new Measurement<long>(
            service.Refused, new KeyValuePair<string, object?>("extension", extension), new("service", service.Key.ToString())));

    private KeyValuePair<string, object?>[] Tags(ServiceKey key, Target target) =>
        [new("extension", extension), new("service", key.ToString()), new("target", target.Endpoint)];
}
