using Interlook.Extensions.FileStore;
using Interlook.Extensions.Ipalloc;
using Interlook.Provisioners;
using Interlook.Services;
using Interlook.Specification;
using Interlook.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Extensions.Tests.Ipalloc;

/// <summary>The provisioners' kit: the outside system is the file of leases.</summary>
public sealed class IpallocSpecification : ProvisionerSpecification
{
    private readonly SimulatedDisk disk = new(new Random(5));

    protected override bool IsShared => false;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    protected override IProvisioner Create(string instance) => Create(instance, disk.Mount());

    protected override IProvisioner CreateLooking(string instance) => TestContexts.Looking(() => Create(instance, new CopiedDisk(disk.Mount())));

    private static IpallocProvisioner Create(string instance, IDisk files) => new IpallocProvisioner(
        new IpallocOptions { Network = Network.Parse("127.10.0.0/16"), DbFile = "leases.db" },
        TestContexts.Create("ipam.ipalloc", instance, stores: new FileRecordStores(files, NullLoggerFactory.Instance)));

    protected override async Task<IReadOnlyCollection<string>> ReadOutsideAsync()
    {
        var copy = new SimulatedDisk(new Random(1));
        foreach (var file in disk.Files)
            copy.Put(file, disk.Content(file)!);
        await using var store = new FileRecordStores(copy.Mount(), NullLoggerFactory.Instance).Open("leases.db", new LeaseCodec());
        return [.. (await store.ReadAllAsync(Stopping)).Values.Select(lease => lease.Value.ToString())];
    }

    protected override Task PlaceForeignAsync(ServiceDefinition definition) => SkipAsync("nobody else writes the file of leases");

    protected override Task RemoveForeignAsync(ServiceDefinition definition) => SkipAsync("nobody else writes the file of leases");

    protected override Task RemoveByHandAsync(ServiceKey key, ServiceDefinition applied) => SkipAsync("the file of leases is locked while it is used");

    protected override Task StopServerAsync() => SkipAsync("there is no server: the leases are on this machine's disk");

    protected override Task StartServerAsync() => Task.CompletedTask;

    private static Task SkipAsync(string reason)
    {
        Assert.Skip(reason);
        return Task.CompletedTask;
    }
}
