using System.Net;
using System.Net.NetworkInformation;
using Interlook.Fixtures.Networks;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>A machine of a <see cref="VipLaboratory"/>: its way to the claims, and Interlook's program that runs on it, as an agent or a scheduler.</summary>
public sealed class MachineProgram : IAsyncDisposable
{
    private readonly string file;
    private readonly IReadOnlyDictionary<string, string> variables;
    private ServerProcess? process;
    private string[] arguments = [];

    internal MachineProgram(LaboratoryMachine machine, NamespaceDoor door, string file, IReadOnlyDictionary<string, string> variables)
    {
        Machine = machine;
        Door = door;
        this.file = file;
        this.variables = variables;
    }

    /// <summary>Where it is.</summary>
    public LaboratoryMachine Machine { get; }

    /// <summary>The machine's only way to the claims.</summary>
    public NamespaceDoor Door { get; }

    /// <summary>The machine's name.</summary>
    public string Name => Machine.Name;

    /// <summary>True while the program runs, stopped or not.</summary>
    public bool IsRunning => process is { IsRunning: true };

    /// <summary>What the program wrote since it was started last.</summary>
    public string Output => process?.Output ?? "";

    /// <summary>Starts the program; with the arguments of the last time when there are none.</summary>
    public async Task StartAsync(params string[] given)
    {
        await EndAsync();
        arguments = given.Length > 0 ? given : arguments;
        process = Machine.Namespace.Start("env", ["--", file, .. arguments], variables);
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        await process!.SignalAsync("KILL");
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Stops every thread of it, as SIGSTOP and a debugger do.</summary>
    public Task FreezeAsync() => process!.SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ContinueAsync() => process!.SignalAsync("CONT");

    /// <summary>Asks it to end, and does not wait.</summary>
    public Task TerminateAsync() => process!.SignalAsync("TERM");

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndedAsync(CancellationToken stopping) => process!.WaitForExitAsync(stopping);

    /// <summary>Ends it somehow, if it runs: whatever it has stays behind.</summary>
    public async Task EndAsync()
    {
        if (process is null)
            return;
        if (process.IsRunning)
            await KillAsync();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>The hardware address that its front answers with.</summary>
    public async Task<PhysicalAddress> HardwareAsync() => PhysicalAddress.Parse(await Machine.HardwareOnAsync(LaboratoryNetwork.Front));

    /// <summary>True when an address is on its interface.</summary>
    public async Task<bool> HasAsync(IPAddress address, string link = "eth0") =>
        (await Machine.Namespace.ShowAsync($"-o address show dev {link}")).Contains($" {address}/", StringComparison.Ordinal);

    /// <summary>How many addresses with an end are on its interface: ours, and no others.</summary>
    public async Task<int> CountAsync(string link = "eth0") =>
        (await Machine.Namespace.ShowAsync($"-o address show dev {link}")).Split('\n')
            .Count(line => line.Contains("valid_lft ", StringComparison.Ordinal) && !line.Contains("valid_lft forever", StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Door.DisposeAsync();
    }
}
