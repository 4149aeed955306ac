using System.Net;
using Interlook.Engine.Status;
using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Services;

namespace Interlook.Api.Tests;

/// <summary>Entries and statuses for tests to vary.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static Entry Deployed(string name, string workflow = ServiceKey.DefaultWorkflow)
    {
        var desired = new ServiceDefinition
        {
            Name = name,
            Provider = "provider.docker",
            Targets = [new Target("10.0.0.7", 8081, 2)],
            DnsNames = ["shop.example.org"],
        };
        var applied = desired with { PublicIp = IPAddress.Parse("192.168.99.10") };
        return new Entry
        {
            Key = new ServiceKey(workflow, name),
            Desired = desired,
            Steps = [new StepRecord("ipam.ipalloc", desired, applied, [])],
            Expected = ExpectedState.Deployed,
            State = Entry.Deployed,
            TimeDetected = Noon,
            LastUpdate = Noon.AddSeconds(1.5),
            CloseTime = Noon.AddMinutes(1),
        };
    }

    public static Entry Failed(string name) => Deployed(name) with
    {
        State = "dns.consul",
        CloseTime = null,
        WipTime = Noon.AddSeconds(2),
        Failure = new StepFailure("dns.consul", Reason.Conflict, "shop.example.org belongs to somebody else at http://127.0.0.1:8500", 3),
        Info = "waits for the name",
    };

    public static ExtensionStatus Connected(string name) => new(name, true, null, null, Noon, 0, []);

    public static ExtensionStatus Lost(string name) =>
        new(name, false, Reason.Unreachable, "http://127.0.0.1:8500 refuses the connection; start Consul", Noon, 4, ["stray"]);

    public static ProviderStatus InStep(string name) => new(name, true, Noon, 3, [], [], null, null);
}
