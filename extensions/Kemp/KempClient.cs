using System.Globalization;
using Interlook.Extensions.Kemp.Wire;

namespace Interlook.Extensions.Kemp;

/// <summary>
/// The commands that are needed, without decisions. Objects are named by place, address and port, not by their numbers: a number may have become
/// somebody else's since it was read. Safe for concurrent use.
/// </summary>
internal sealed class KempClient(KempOptions options, KempTransport transport) : IDisposable
{
    /// <summary>Asks for something small, to see whether the appliance answers.</summary>
    internal Task ProbeAsync(CancellationToken stopping) => transport.SendAsync(new("get", ("param", "version")), "asking for the version", stopping);

    /// <summary>All virtual services.</summary>
    /// <param name="sending">Called right before the list is sent.</param>
    /// <param name="stopping">Cancels the call.</param>
    internal async Task<Listing> ListAsync(Action sending, CancellationToken stopping)
    {
        var reply = await transport.SendAsync(new("listvs"), "listing virtual services", stopping, sending);
        return new([.. reply.Services.Select(KempTranslation.Service).OfType<VirtualService>()]);
    }

    /// <summary>One virtual service with its real servers.</summary>
    internal async Task<VirtualService> ShowAsync(VirtualService service, CancellationToken stopping)
    {
        var reply = await transport.SendAsync(Command("showvs", service.Place), $"reading {service}", stopping);
        return KempTranslation.Service(reply.Row) ?? service;
    }

    /// <summary>Adds a virtual service without real servers.</summary>
    /// <param name="wanted">What is added.</param>
    /// <param name="sending">Called right before the command is sent.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>The service as the appliance describes it.</returns>
    internal async Task<VirtualService> AddAsync(WantedService wanted, Action sending, CancellationToken stopping)
    {
        var command = Command("addvs", wanted.Place)
            .With(("nickname", wanted.Nickname))
            .With(wanted.Settings.Where(setting => setting.Value != setting.Unset).Select(setting => (setting.Parameter, setting.Value)));
        var reply = await transport.SendAsync(command, $"adding a virtual service at {wanted.Place} for {wanted.Key}", stopping, sending);
        return KempTranslation.Service(reply.Row) ?? new()
        {
            Index = "?",
            Place = wanted.Place,
            Nickname = wanted.Nickname,
            Elements = new Dictionary<string, string>(),
            Servers = [],
            ServerCount = 0,
        };
    }

    /// <summary>Moves a virtual service and changes its settings, in one command.</summary>
    internal Task ModifyAsync(VirtualService service, WantedService wanted, IReadOnlyList<ServiceSetting> settings, CancellationToken stopping)
    {
        var command = Command("modvs", service.Place);
        if (service.Place.Address != wanted.Place.Address)
            command = command.With(("vsaddress", wanted.Place.Address));
        if (service.Place.Port != wanted.Place.Port)
            command = command.With(("vsport", wanted.Place.Port));
        command = command.With(settings.Select(setting => (setting.Parameter, setting.Value)));
        return transport.SendAsync(command, $"changing {service} for {wanted.Key}", stopping);
    }

    /// <summary>Removes a virtual service with its real servers.</summary>
    internal Task DeleteAsync(VirtualService service, CancellationToken stopping) =>
        transport.SendAsync(Command("delvs", service.Place), $"removing {service}", stopping);

    /// <summary>Adds a real server.</summary>
    internal Task AddServerAsync(WantedService wanted, WantedServer server, CancellationToken stopping)
    {
        var command = ServerCommand("addrs", wanted.Place, server.Host, server.Port).With(("weight", Text(server.Weight)));
        if (!server.IsEnabled)
            command = command.With(("enable", "N"));
        if (options.AddsNonLocal)
            command = command.With(("non_local", "1"));
        return transport.SendAsync(command, $"adding real server {server} for {wanted.Key}{(options.AddsNonLocal ? " as one that may be non-local" : "")}", stopping);
    }

    /// <summary>Changes a real server's weight and state.</summary>
    internal Task ModifyServerAsync(WantedService wanted, RealServer server, WantedServer wish, CancellationToken stopping) => transport.SendAsync(
        ServerCommand("modrs", wanted.Place, server.Address, server.Port).With(("weight", Text(wish.Weight)), ("enable", wish.IsEnabled ? "Y" : "N")),
        $"changing real server {server} for {wanted.Key}",
        stopping);

    /// <summary>Keeps new traffic from a real server.</summary>
    internal Task DisableServerAsync(WantedService wanted, RealServer server, CancellationToken stopping) => transport.SendAsync(
        ServerCommand("modrs", wanted.Place, server.Address, server.Port).With(("enable", "N")), $"disabling real server {server} for {wanted.Key}", stopping);

    /// <summary>Removes a real server.</summary>
    internal Task DeleteServerAsync(WantedService wanted, RealServer server, CancellationToken stopping) => transport.SendAsync(
        ServerCommand("delrs", wanted.Place, server.Address, server.Port), $"removing real server {server} for {wanted.Key}", stopping);

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private static KempCommand Command(string name, ServicePlace place) => new(name, ("vs", place.Address), ("port", place.Port), ("prot", place.Protocol));

    private static KempCommand ServerCommand(string name, ServicePlace place, string host, int port) =>
        Command(name, place).With(("rs", host), ("rsport", Text(port)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
