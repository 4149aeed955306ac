using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Interlook.Simulators.GestioIP;

/// <summary>
/// A GestioIP with the licensed interface, as far as its free sister's source and its clients show it. What is guessed (the texts about hosts that
/// exist or are absent, where the list of a network's hosts stands) can be set. Nothing of a session is kept: a restart loses nothing.
/// </summary>
public sealed class GestioIPAppliance : IAppliance
{
    private const string Endpoint = "/gestioip/api/api.cgi";
    private const string Prolog = "<?xml version='1.0' encoding='UTF-8'?>\n";
    private static readonly SearchValues<char> Unsupported = SearchValues.Create("&;`'\\<>=^%#*");
    private static readonly string[] Common = ["request_type", "client_name", "output_type"];
    private static readonly string[] Written =
        ["new_hostname", "new_descr", "new_site", "new_cat", "new_int_admin", "new_comment", "new_update_type"];

    private readonly Dictionary<string, (string[] Parameters, Func<ApiRequest, IEnumerable<Element>> Answer)> requests;

    /// <summary>Makes one without networks.</summary>
    public GestioIPAppliance()
    {
        var hosts = new HostRequests(this);
        var networks = new NetworkRequests(this, hosts);
        requests = new(StringComparer.Ordinal)
        {
            ["version"] = ([], _ => [new("version", "3.5.3")]),
            ["createHost"] = (["ip", .. Written], hosts.Create),
            ["readHost"] = (["ip", "hostname"], hosts.Read),
            ["updateHost"] = (["ip", .. Written], hosts.Update),
            ["deleteHost"] = (["ip", "hostname"], hosts.Delete),
            ["listHosts"] = (["filter", "limit", "page", "include_id", "no_csv", "ip_version"], hosts.List),
            ["createNetwork"] = (["ip", "BM", "network_type", "new_descr", "new_site", "new_cat", "new_comment", "new_sync"], networks.Create),
            ["readNetwork"] = (["ip", "BM"], networks.Read),
            ["listNetworks"] = (["filter", "limit", "page", "include_id", "no_csv", "ip_version", "network_type"], networks.List),
            ["firstFreeNetworkAddress"] = (["ip"], networks.FirstFree),
            ["freeNetworkAddresses"] = (["ip"], networks.Free),
            ["usedNetworkAddresses"] = (["ip", "include_id", "no_csv"], networks.Used),
            ["reserveFirstFreeNetworkAddress"] = (["ip", .. Written], networks.Reserve),
        };
    }

    /// <summary>What it keeps.</summary>
    public Inventory Inventory { get; } = new();

    /// <summary>Who may call, with passwords.</summary>
    public Dictionary<string, string> Users { get; } = new(StringComparer.Ordinal) { ["api"] = "apiPassw0rd" };

    /// <summary>True answers errors with 400 and 500, as was meant; the read source answers 200.</summary>
    public bool AnswersErrorsWithStatus { get; set; }

    /// <summary>True puts the list of a network's hosts within a <c>Network</c>.</summary>
    public bool NestsHostList { get; set; }

    /// <summary>True calls the reply of a reservation as its handler is called.</summary>
    public bool CallsReservationsPlural { get; set; }

    /// <summary>What it says about a host that is there already.</summary>
    public string HostExists { get; set; } = "ERROR: HOST ALREADY EXISTS";

    /// <summary>What it says about a host that is not there.</summary>
    public string HostAbsent { get; set; } = "ERROR: HOST NOT FOUND";

    /// <summary>Request types that this version does not have.</summary>
    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Trouble with the database: gives the text with which a request type fails, or null.</summary>
    public Func<string, string?>? Trouble { get; set; }

    /// <summary>One with a network, for a try by hand.</summary>
    public static GestioIPAppliance WithSample()
    {
        var appliance = new GestioIPAppliance();
        appliance.Inventory.AddNetwork("192.168.99.0/24");
        appliance.Inventory.AddHost("192.168.99.1", "router", "the way out");
        return appliance;
    }

    /// <summary>The request type of a call, for counts.</summary>
    public static string TypeOf(Call call)
    {
        var text = call.Body != "" ? call.Body : call.Path;
        var start = text.IndexOf("request_type=", StringComparison.Ordinal);
        return start < 0 ? "" : text[(start + "request_type=".Length)..].Split('&')[0];
    }

    /// <inheritdoc/>
    public async Task AnswerAsync(HttpContext exchange)
    {
        if (exchange.Request.Path != Endpoint)
            await SendAsync(exchange, 404, "text/html", "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>");
        else if (!IsKnown(exchange.Request.Headers.Authorization.ToString()))
        {
            exchange.Response.Headers.WWWAuthenticate = "Basic realm=\"GestioIP\"";
            await SendAsync(exchange, 401, "text/html", "<html><head><title>401 Unauthorized</title></head><body><h1>Unauthorized</h1></body></html>");
        }
        else
            await ReplyAsync(exchange, await ParametersAsync(exchange));
    }

    /// <inheritdoc/>
    public void Restart()
    {
        // Every request is a process of its own: only the tables last, and they do.
    }

    private async Task ReplyAsync(HttpContext exchange, Dictionary<string, string> parameters)
    {
        var type = parameters.GetValueOrDefault("request_type", "");
        if (type == "" || type.EndsWith("Help", StringComparison.Ordinal))
        {
            await SendAsync(exchange, 200, "text/xml; charset=ISO-8859-1", Prolog + "<help><request_type>MANDATORY</request_type></help>");
            return;
        }
        var root = type == "reserveFirstFreeNetworkAddress" && CallsReservationsPlural ? "reserveFirstFreeNetworkAddressesResult" : $"{type}Result";
        var status = 200;
        Element reply;
        try
        {
            reply = new(root, Answer(type, parameters).Prepend(new("error", "")));
        }
        catch (RefusedException refusal)
        {
            status = AnswersErrorsWithStatus ? refusal.Status : 200;
            reply = new(refusal.IsPlain ? "Result" : root, new Element("error", refusal.Message.Split(',').Select(part => new Element("string", part))));
        }
        var text = new StringBuilder(Prolog);
        reply.Write(text);
        if (parameters.GetValueOrDefault("output_type") != "json")
            await SendAsync(exchange, status, "text/xml; charset=ISO-8859-1", text.ToString());
        else if (JsonConversion.Convert(text.ToString()) is { } json)
            await SendAsync(exchange, status, "application/json", json);
        else
            await SendAsync(exchange, 500, "text/html", "<html><head><title>500 Internal Server Error</title></head><body></body></html>");
    }

    private List<Element> Answer(string type, Dictionary<string, string> parameters)
    {
        if (parameters.Values.Any(value => value.AsSpan().ContainsAny(Unsupported)))
            throw new RefusedException("UNSUPPORTED CHARACTER DETECTED", plain: true);
        if (parameters.GetValueOrDefault("output_type", "xml") is not ("xml" or "json"))
            throw new RefusedException("UNSUPPORTED output_type - supported output_types: xml json", plain: true);
        if (parameters.GetValueOrDefault("ip_version", "v4") is not ("v4" or "v6"))
            throw new RefusedException("UNSUPPORTED ip_version - supported ip_versions: v4 v6", plain: true);
        if (Missing.Contains(type) || !requests.TryGetValue(type, out var request))
            throw new RefusedException($"ERROR: INVALID request_type: {type}", plain: true);
        var client = parameters.GetValueOrDefault("client_name", "");
        if (client == "")
            throw new RefusedException("ERROR: PARAMETER client_name MISSING");
        if (!TryFindClient(client, out var id))
            throw new RefusedException("ERROR: CLIENT NOT FOUND", plain: true);
        var known = request.Parameters.Contains("new_comment") ? Inventory.CustomColumns.Select(column => $"new_{column}") : [];
        if (parameters.Keys.FirstOrDefault(name => !Common.Contains(name) && !request.Parameters.Contains(name) && !known.Contains(name)) is { } unknown)
            throw new RefusedException($"ERROR: UNKNOWN PARAMETER: {unknown}");
        if (Trouble?.Invoke(type) is { } trouble)
            throw new RefusedException(trouble, status: 500);
        return [.. request.Answer(new ApiRequest(type, id, parameters))];
    }

    private bool TryFindClient(string name, out int id)
    {
        id = name.Length == 1 && char.IsAsciiDigit(name[0]) ? name[0] - '0' : Inventory.Clients.GetValueOrDefault(name);
        return Inventory.Clients.ContainsValue(id);
    }

    private bool IsKnown(string authorization)
    {
        if (!authorization.StartsWith("Basic ", StringComparison.Ordinal))
            return false;
        var credentials = Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..])).Split(':', 2);
        return credentials.Length == 2 && Users.TryGetValue(credentials[0], out var password) && password == credentials[1];
    }

    private static async Task<Dictionary<string, string>> ParametersAsync(HttpContext exchange)
    {
        var given = exchange.Request.HasFormContentType
            ? (await exchange.Request.ReadFormAsync(exchange.RequestAborted)).Select(each => (each.Key, each.Value))
            : exchange.Request.Query.Select(each => (each.Key, each.Value));
        return given.ToDictionary(each => each.Key, each => each.Value.Count == 0 ? "" : each.Value[^1] ?? "", StringComparer.Ordinal);
    }

    private static async Task SendAsync(HttpContext exchange, int status, string type, string text)
    {
        exchange.Response.StatusCode = status;
        exchange.Response.ContentType = type;
        await exchange.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), exchange.RequestAborted);
    }
}
