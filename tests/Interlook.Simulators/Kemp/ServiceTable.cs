using System.Globalization;
using System.Net;

namespace Interlook.Simulators.Kemp;

/// <summary>What the appliance keeps: virtual services and their real servers, and the commands that change them. Not safe for concurrent use.</summary>
/// <param name="appliance">Its switches.</param>
/// <param name="time">Its clock.</param>
internal sealed class ServiceTable(LoadMaster appliance, TimeProvider time)
{
    private readonly List<VirtualService> services = [];
    private readonly ServerCommands servers = new(appliance, time);
    private int lastService = 40; // apart from the other counter and from positions, so that a client that confuses them is caught

    /// <summary>Runs a command.</summary>
    /// <returns>Null when there is no such command.</returns>
    internal Reply? Run(string command, Parameters parameters) => command switch
    {
        "listvs" => Reply.With([.. services.SelectMany(Family).Where(IsVisible).Select(service => Element.Row("VS", Describe(service, appliance.ListsRealServers)))]),
        "showvs" => Reply.With(Describe(Find(parameters), withServers: true)),
        "addvs" => Reply.With(Describe(Add(parameters), withServers: true)),
        "modvs" => Reply.With(Describe(Modify(parameters), withServers: true)),
        "delvs" => Delete(Find(parameters)),
        "addrs" => servers.Add(Find(parameters), parameters),
        "showrs" => servers.Show(Find(parameters), parameters),
        "modrs" => servers.Modify(Find(parameters), parameters),
        "delrs" => ServerCommands.Delete(Find(parameters), parameters),
        "enablers" => SwitchServers(parameters, on: true),
        "disablers" => SwitchServers(parameters, on: false),
        _ => null,
    };

    private static IEnumerable<VirtualService> Family(VirtualService service) => service.Children.Prepend(service);

    private bool IsVisible(VirtualService service) => time.GetUtcNow() >= service.VisibleFrom;

    /// <summary>By a bare index, or by address, port and protocol; a bang is taken for a part of an address.</summary>
    private VirtualService Find(Parameters parameters)
    {
        var vs = parameters.Require("vs");
        if (int.TryParse(vs, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return services.SelectMany(Family).FirstOrDefault(each => each.Index == index && IsVisible(each)) ?? throw Refusal.UnknownService();
        var (port, protocol) = (parameters.Require("port"), parameters.Require("prot"));
        var address = IPAddress.TryParse(vs, out var parsed) ? parsed.ToString() : vs;
        return services.Find(each => each.IsAt(address, port, protocol) && IsVisible(each)) ?? throw Refusal.UnknownService();
    }

    private VirtualService Add(Parameters parameters)
    {
        var address = Address(parameters.Require("vs"), "vs");
        var port = Port(parameters.Require("port"), "port");
        var protocol = parameters.Require("prot") is "tcp" or "udp" ? parameters.Require("prot") : throw Refusal.UnknownValue("prot", parameters.Require("prot"));
        var set = ServiceElements.Read(parameters);
        RequireFree(address, port, protocol, null);
        var service = new VirtualService
        {
            Index = ++lastService,
            Address = address,
            Port = port,
            Protocol = protocol,
            VisibleFrom = time.GetUtcNow() + appliance.VisibilityDelay,
            Values = ServiceElements.Fresh(port, protocol),
        };
        Apply(service, set);
        services.Add(service);
        return service;
    }

    private VirtualService Modify(Parameters parameters)
    {
        var service = Find(parameters);
        var set = ServiceElements.Read(parameters);
        var address = parameters.Find("vsaddress") is { } newAddress ? Address(newAddress, "vsaddress") : service.Address;
        var port = parameters.Find("vsport") is { } newPort ? Port(newPort, "vsport") : service.Port;
        if (parameters.Find("createsubvs") is not null)
            AddChild(service);
        if (service.Parent == 0)
            RequireFree(address, port, service.Protocol, service);
        (service.Address, service.Port) = (address, port);
        Apply(service, set);
        return service;
    }

    private void AddChild(VirtualService parent)
    {
        if (parent.Servers.Count > 0)
            throw new Refusal(422, "Couldn't create SubVS");
        parent.Children.Add(new VirtualService
        {
            Index = ++lastService,
            Address = "",
            Port = "0",
            Protocol = parent.Protocol,
            Parent = parent.Index,
            MemberIndex = servers.NextIndex(),
            VisibleFrom = time.GetUtcNow(),
            Values = ServiceElements.Fresh("0", parent.Protocol),
        });
    }

    private Reply Delete(VirtualService service)
    {
        if (!services.Remove(service))
            services.First(each => each.Index == service.Parent).Children.Remove(service);
        return Reply.Done;
    }

    private Reply SwitchServers(Parameters parameters, bool on)
    {
        var address = parameters.Require("rs");
        var found = services.SelectMany(Family).SelectMany(service => service.Servers).Where(server => server.Address == address).ToList();
        if (found.Count == 0)
            throw Refusal.UnknownServer();
        foreach (var server in found)
            server.Enabled = on;
        return Reply.Done;
    }

    private void Apply(VirtualService service, Dictionary<string, string> set)
    {
        foreach (var (element, value) in set)
            service.Values[element] = element == "NickName" && value.Length > appliance.LongestNickname ? value[..appliance.LongestNickname] : value;
    }

    private void RequireFree(string address, string port, string protocol, VirtualService? holder)
    {
        if (services.Exists(each => each != holder && each.IsAt(address, port, protocol)))
            throw new Refusal(422, appliance.ServiceExistsText);
    }

    private static string Address(string text, string parameter) =>
        IPAddress.TryParse(text, out var address) ? address.ToString() : throw Refusal.UnknownValue(parameter, text);

    private static string Port(string text, string parameter) =>
        text == "*" || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 3 and <= 65530)
            ? text
            : throw Refusal.UnknownValue(parameter, text);

    private List<Element> Describe(VirtualService service, bool withServers)
    {
        var elements = new List<Element> { Element.Of("Status", Status(service)), Element.Number("Index", service.Index) };
        if (service.Parent == 0)
            elements.Add(Element.Of("VSAddress", service.Address));
        elements.Add(Element.Of("VSPort", service.Port));
        elements.Add(Element.Number("Layer", service.Values["ForceL4"] == "Y" ? 4 : 7));
        elements.AddRange(ServiceElements.Describe(service.Values).Select(element => element.Name switch
        {
            "MasterVS" => Element.Number("MasterVS", service.Children.Count > 0 ? 1 : 0),
            "MasterVSID" => Element.Number("MasterVSID", service.Parent),
            _ => element,
        }));
        elements.Add(Element.Number("NumberOfRSs", service.Servers.Count + service.Children.Count));
        elements.AddRange(service.Children.Select(child => Element.Row("SubVS",
        [
            Element.Number("VSIndex", child.Index), Element.Number("RsIndex", child.MemberIndex), Element.Of("Name", "-"), Element.Of("Forward", "nat"),
            Element.Number("Weight", 1000), Element.Number("Limit", 0), Element.Flag("Enable", true),
        ])));
        if (withServers)
            elements.AddRange(service.Servers.Select(server => server.Describe(servers.Status(server))));
        return elements;
    }

    /// <summary>Follows the members.</summary>
    private string Status(VirtualService service) => service.Values["Enable"] == "N"
        ? "Disabled"
        : service.Servers.Exists(server => servers.Status(server) == "Up") || service.Children.Exists(child => Status(child) == "Up") ? "Up" : "Down";
}
