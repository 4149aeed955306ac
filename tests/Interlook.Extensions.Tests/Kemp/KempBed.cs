using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Interlook.Configuration;
using Interlook.Extensions.Kemp;
using Interlook.Fixtures;
using Interlook.Simulators;
using Interlook.Simulators.Kemp;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>
/// A simulated LoadMaster, its flood guard on, and provisioners that share its clock. The clock moves by itself, to the next moment that somebody
/// waits for, whenever no call is under way or all that are under way are being held: so minutes of a paced client pass in a moment.
/// </summary>
internal sealed class KempBed : IAsyncDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly Lock gate = new();
    private readonly List<CallPace> paces = [];
    private Task moving = Task.CompletedTask;

    private KempBed() => Kemp = new(Time);

    internal ManualTimeProvider Time { get; } = new();

    internal LoadMaster Kemp { get; }

    internal RunningAppliance Running { get; private set; } = null!;

    /// <summary>Commands that change something, in order.</summary>
    internal IEnumerable<string> Writes => Kemp.Commands.Where(command => !LoadMaster.IsRead(command));

    /// <summary>What was said, where that is recorded.</summary>
    internal RecordedExchanges? Exchanges { get; private set; }

    internal static async Task<KempBed> StartAsync(X509Certificate2? certificate = null, bool record = false)
    {
        var bed = new KempBed();
        bed.Exchanges = record ? new(bed.Kemp, "apiPassw0rd") : null;
        bed.Running = await RunningAppliance.StartAsync(bed.Exchanges is { } recorded ? recorded : bed.Kemp, certificate, time: bed.Time);
        bed.moving = Task.Run(bed.MoveAsync);
        return bed;
    }

    /// <summary>Makes a provisioner, not started.</summary>
    internal KempProvisioner Create(string instance = "test", Action<KempOptions>? configure = null)
    {
        var options = new KempOptions { Endpoint = Running.Url, Username = "api", Password = new Secret("apiPassw0rd") };
        configure?.Invoke(options);
        var provisioner = new KempProvisioner(options, TestContexts.Create(KempExtensions.LoadMaster, instance, Time));
        lock (gate)
            paces.Add(provisioner.Pace);
        return provisioner;
    }

    /// <summary>Makes a provisioner and starts it.</summary>
    internal async Task<KempProvisioner> StartProvisionerAsync(CancellationToken stopping, Action<KempOptions>? configure = null)
    {
        var provisioner = Create("test", configure);
        await provisioner.StartAsync(stopping);
        Kemp.ForgetCommands();
        return provisioner;
    }

    /// <summary>Waits until the appliance has seen that nobody waits for the answers it held back: until then the clock cannot tell them from others.</summary>
    internal Task NobodyIsHeldAsync() => Eventually.TrueAsync("no request is held", () => Running.Held == 0);

    /// <summary>All services as the appliance has them.</summary>
    internal IEnumerable<XElement> Services() => XDocument.Parse(Kemp.Run("listvs")).Descendants("VS");

    /// <summary>What matters of all services: a line for each and for each real server, without numbers and health.</summary>
    internal string[] Describe() =>
    [
        .. Services().SelectMany(service => service.Elements("Rs").Select(server => $"{Place(service)} {Text(server)}").Prepend($"{Place(service)} {Text(service)}"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What matters to a person of all services, short.</summary>
    internal string[] Outline() =>
    [
        .. Services()
            .Select(service => $"{Place(service)} {service.Element("NickName")?.Value} [{string.Join(' ', service.Elements("Rs").Select(Outline).Order(StringComparer.Ordinal))}]")
            .Order(StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await moving;
        await Running.DisposeAsync();
        ended.Dispose();
    }

    private static string Place(XElement service) => $"{service.Element("VSAddress")?.Value}:{service.Element("VSPort")?.Value}/{service.Element("Protocol")?.Value}";

    private static string Outline(XElement server) =>
        $"{server.Element("Addr")!.Value}:{server.Element("Port")!.Value}*{server.Element("Weight")!.Value}{(server.Element("Enable")!.Value == "Y" ? "" : "-")}";

    private static string Text(XElement row) => string.Join(
        ' ',
        row.Elements()
            .Where(element => element.Name.LocalName is not ("Rs" or "Status" or "Index" or "VSIndex" or "RsIndex"))
            .Select(element => $"{element.Name}={element.Value}"));

    /// <summary>
    /// The next moment is read between two looks at the calls that agree: then it is nobody's deadline but that of a call that is being held.
    /// </summary>
    private async Task MoveAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            var (before, due, after) = (Calls(), Time.NextDue, Calls());
            if (due is { } wait && before == after && after.Granted - after.Finished == Running.Held)
                Time.Advance(wait);
            else
                await Task.Yield();
        }
    }

    private (long Granted, long Finished) Calls()
    {
        lock (gate)
            return (paces.Sum(pace => pace.Granted), paces.Sum(pace => pace.Finished));
    }
}
