using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Holding;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Timing;
using Interlook.Fixtures.Networks;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>An agent at work on a machine of the laboratory.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly CancellationTokenSource life = new();
    private readonly LaboratoryMachine machine;
    private readonly LinuxLink eyes;
    private readonly StoppableLink link;
    private readonly PeerTalk peers;

    public RunningNode(LaboratoryMachine machine, IClaimStore store, FenceTimes times, ExtensionContext context, string? name = null, string on = "eth0")
    {
        this.machine = machine;
        Name = name ?? machine.Name;
        Line = new StoreLine(store);
        eyes = machine.Open(on);
        link = new StoppableLink(machine.Open(on));
        peers = new PeerTalk(machine.Namespace.Do(() => PeerTalk.Open(0)), machine.AddressOn(LaboratoryNetwork.Back), TimeProvider.System);
        var keeper = new AddressKeeper(link, TimeSpan.FromSeconds(20), TimeProvider.System, context.Loggers.CreateLogger<AddressKeeper>());
        var controller = new ClaimController(new() { Name = Name, Times = times, MayShareName = on == "lo" }, Line, keeper, peers, context);
        Work = controller.RunAsync(life.Token);
    }

    public string Name { get; }

    public StoreLine Line { get; }

    /// <summary>Ends when the agent has.</summary>
    public Task Work { get; }

    public PhysicalAddress Hardware => eyes.Read().State!.Hardware;

    /// <summary>What of ours the kernel has.</summary>
    public IReadOnlyList<LinkAddress> Addresses => [.. eyes.Read().Addresses.Where(each => each.IsOurs).Select(each => each.Address)];

    /// <summary>As if the process were stopped: it reaches neither the store nor its interface.</summary>
    public void Freeze()
    {
        link.IsStopped = true;
        Line.Cut();
    }

    public void Continue()
    {
        link.IsStopped = false;
        Line.Join();
    }

    /// <summary>SIGTERM.</summary>
    public Task TerminateAsync() => life.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await Work;
        peers.Dispose();
        link.Dispose();
        eyes.Dispose();
        life.Dispose();
    }
}
