using System.Globalization;
using System.Net;

namespace Interlook.Simulators.Kemp;

/// <summary>The commands about the real servers of one virtual service.</summary>
/// <param name="appliance">Its switches.</param>
/// <param name="time">Its clock.</param>
internal sealed class ServerCommands(LoadMaster appliance, TimeProvider time)
{
    private int last = 700; // counts over the whole appliance, apart from the services' numbers

    internal int NextIndex() => ++last;

    internal string Status(RealServer server) => server switch
    {
        { Enabled: false } => "Disabled",
        _ when time.GetUtcNow() < server.CheckedFrom || !appliance.ServerAnswers(server.Address, server.Port) => "Down",
        _ => "Up",
    };

    internal Reply Add(VirtualService service, Parameters parameters)
    {
        var (written, port) = (parameters.Require("rs"), Port(parameters, "rsport")!.Value);
        if (service.Children.Count > 0)
            throw new Refusal(422, "Couldn't create RS");
        RequireNonLocalAllowed(service, parameters);
        var (address, name) = Resolve(written);
        if (service.Servers.Exists(each => each.Address == address && each.Port == port))
            throw new Refusal(422, appliance.ServerExistsText);
        var change = Read(parameters);
        var server = new RealServer
        {
            Index = NextIndex(),
            ServiceIndex = service.Index,
            Address = address,
            DnsName = name,
            Port = port,
            CheckedFrom = time.GetUtcNow() + appliance.CheckInterval,
        };
        change(server);
        service.Servers.Add(server);
        return Describe(server);
    }

    internal Reply Show(VirtualService service, Parameters parameters) => Describe(Find(service, parameters));

    internal Reply Modify(VirtualService service, Parameters parameters)
    {
        var server = Find(service, parameters);
        var change = Read(parameters);
        var port = Port(parameters, "newport") ?? server.Port;
        if (port != server.Port && service.Servers.Exists(each => each.Address == server.Address && each.Port == port))
            throw new Refusal(422, appliance.ServerExistsText);
        server.Port = port;
        change(server);
        return Reply.Done;
    }

    internal static Reply Delete(VirtualService service, Parameters parameters)
    {
        service.Servers.Remove(Find(service, parameters));
        return Reply.Done;
    }

    private Reply Describe(RealServer server) => Reply.With([server.Describe(Status(server))]);

    /// <summary>By a bang and an index, or by address and port.</summary>
    private static RealServer Find(VirtualService service, Parameters parameters)
    {
        var rs = parameters.Require("rs");
        if (rs[0] == '!')
            return service.Servers.Find(each => rs[1..] == each.Index.ToString(CultureInfo.InvariantCulture)) ?? throw Refusal.UnknownServer();
        var port = parameters.Require("rsport");
        var address = IPAddress.TryParse(rs, out var parsed) ? parsed.ToString() : rs;
        return service.Servers.Find(each => each.Address == address && port == each.Port.ToString(CultureInfo.InvariantCulture)) ?? throw Refusal.UnknownServer();
    }

    private (string Address, string Name) Resolve(string written)
    {
        if (IPAddress.TryParse(written, out var address))
            return (address.ToString(), "");
        return appliance.Names.TryGetValue(written, out var resolved) ? (resolved, written) : throw Refusal.UnknownValue("rs", written);
    }

    private void RequireNonLocalAllowed(VirtualService service, Parameters parameters)
    {
        if (parameters.Flag("non_local") == true && (!appliance.NonLocalServers || service.Values["Transparent"] == "Y"))
            throw Refusal.UnknownValue("non_local", parameters.Find("non_local")!);
    }

    /// <summary>Checks everything, then hands out the change.</summary>
    private static Action<RealServer> Read(Parameters parameters)
    {
        var (weight, limit, rate) = (parameters.Number("weight", 1, 65535), parameters.Number("limit", 0, 100_000), parameters.Number("ratelimit", 0, 100_000));
        var (enable, critical, local) = (parameters.Flag("enable"), parameters.Flag("critical"), parameters.Flag("non_local"));
        var forward = parameters.Find("forward");
        if (forward is not (null or "nat" or "route"))
            throw Refusal.UnknownValue("forward", forward);
        return server =>
        {
            server.Weight = weight ?? server.Weight;
            server.Limit = limit ?? server.Limit;
            server.RateLimit = rate ?? server.RateLimit;
            server.Enabled = enable ?? server.Enabled;
            server.Critical = critical ?? server.Critical;
            server.NonLocal = local ?? server.NonLocal;
            server.Forward = forward ?? server.Forward;
        };
    }

    private static int? Port(Parameters parameters, string name)
    {
        if (name == "rsport")
            parameters.Require(name);
        return parameters.Number(name, 3, 65530);
    }
}
