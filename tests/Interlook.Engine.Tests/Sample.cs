using System.Net;
using Interlook.Collections;
using Interlook.Engine.Planning;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Engine.Tests;

/// <summary>Values that many tests start from.</summary>
internal static class Sample
{
    public const string Provider = "provider.sample";

    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Workflow Workflow = new(ServiceKey.DefaultWorkflow, Provider, ["ipam.a", "dns.b", "lb.c"]);

    public static ServiceDefinition Definition(string name = "shop", int port = 80) => new()
    {
        Name = name,
        Provider = Provider,
        Targets = [new Target("10.0.0.1", port)],
        DnsNames = [$"{name}.example.org"],
    };

    public static ServiceDefinition WithAddress(this ServiceDefinition definition) => definition with { PublicIp = IPAddress.Parse("127.77.0.1") };

    public static Entry Detected(ServiceDefinition? definition = null) =>
        EntryChanges.Detected(new ServiceKey(ServiceKey.DefaultWorkflow, "shop"), Workflow, definition ?? Definition(), Noon);

    /// <summary>An entry whose steps have all acknowledged its definition.</summary>
    public static Entry Deployed(ServiceDefinition? definition = null)
    {
        var entry = Detected(definition);
        while (Planner.Next(entry, Workflow) is { } step)
            entry = entry.Begun(step, Workflow, Noon).Acknowledged(step, step.Given!.WithAddress());
        return entry.Closed(Noon);
    }

    /// <summary>Runs an entry to its end, every call acknowledged.</summary>
    /// <returns>The calls, in order: <c>+dns.b</c> for a deploy, <c>-dns.b</c> for an undeploy.</returns>
    public static EquatableArray<string> Walk(Entry entry, Workflow? workflow = null)
    {
        var calls = new List<string>();
        while (Planner.Next(entry, workflow ?? Workflow) is { } step)
        {
            calls.Add((step.Given is null ? "-" : "+") + step.Step);
            entry = entry.Begun(step, workflow ?? Workflow, Noon).Acknowledged(step, step.Given?.WithAddress());
        }
        return [.. calls];
    }
}
