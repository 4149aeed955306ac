using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Interlook.Simulators;
using Interlook.Simulators.Faults;
using Interlook.Simulators.GestioIP;
using Xunit;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>The simulator enforces what its source is known to enforce, whatever the client of this project does.</summary>
public sealed class GestioIPSimulatorTests : IAsyncLifetime
{
    private readonly GestioIPAppliance gestioip = new();
    private readonly HttpClient http = new();
    private RunningAppliance running = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        gestioip.Inventory.AddNetwork("10.0.0.0/8", root: true);
        gestioip.Inventory.AddNetwork("192.168.99.0/29");
        running = await RunningAppliance.StartAsync(gestioip);
        http.DefaultRequestHeaders.Authorization = Basic("api", "apiPassw0rd");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await running.DisposeAsync();
    }

    [Fact]
    public async Task Without_the_password_there_is_a_page_and_not_a_reply()
    {
        http.DefaultRequestHeaders.Authorization = Basic("api", "wrong");

        using var answer = await http.GetAsync(Url("version"), Stopping);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Another_path_is_not_found()
    {
        using var answer = await http.GetAsync(new Uri(running.Url, "/gestioip/intapi.cgi"), Stopping);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_query_and_a_form_mean_the_same()
    {
        var query = await GetAsync("readNetwork", ("ip", "192.168.99.0"), ("BM", "29"));
        var form = await PostAsync("readNetwork", ("ip", "192.168.99.0"), ("BM", "29"));

        Assert.Equal(query, form);
        Assert.Equal("readNetworkResult", XDocument.Parse(form).Root!.Name);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.OK)]
    [InlineData(true, HttpStatusCode.BadRequest)]
    public async Task An_error_is_an_answer_of_200_unless_the_switch_is_set(bool statuses, HttpStatusCode expected)
    {
        gestioip.AnswersErrorsWithStatus = statuses;

        using var answer = await http.GetAsync(Url("readNetwork", ("ip", "192.168.98.0"), ("BM", "29")), Stopping);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("ERROR: NETWORK NOT FOUND: 192.168.98.0", Error(await answer.Content.ReadAsStringAsync(Stopping)));
    }

    [Fact]
    public async Task A_success_has_an_empty_error_and_a_prolog_that_the_header_contradicts()
    {
        using var answer = await http.GetAsync(Url("version"), Stopping);
        var text = await answer.Content.ReadAsStringAsync(Stopping);

        Assert.Equal("ISO-8859-1", answer.Content.Headers.ContentType!.CharSet);
        Assert.StartsWith("<?xml version='1.0' encoding='UTF-8'?>\n<versionResult><error></error>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("readNetwork", "client_name", "", "readNetworkResult", "ERROR: PARAMETER client_name MISSING")]
    [InlineData("readNetwork", "client_name", "NOBODY", "Result", "ERROR: CLIENT NOT FOUND")]
    [InlineData("readNetwork", "ip", "", "readNetworkResult", "ERROR: PARAMETER ip MISSING")]
    [InlineData("readNetwork", "ip", "192.168.99", "readNetworkResult", "ERROR: INVALID IPV4 ADDRESS")]
    [InlineData("readNetwork", "ip", "fd00::x", "readNetworkResult", "ERROR: INVALID IPV6 ADDRESS")]
    [InlineData("readNetwork", "colour", "red", "readNetworkResult", "ERROR: UNKNOWN PARAMETER: colour")]
    [InlineData("readNetwork", "ip_version", "v4", "readNetworkResult", "ERROR: UNKNOWN PARAMETER: ip_version")]
    [InlineData("reserveFirstFreeNetworkAddress", "ip_version", "v4", "reserveFirstFreeNetworkAddressResult", "ERROR: UNKNOWN PARAMETER: ip_version")]
    [InlineData("listHosts", "ip_version", "v5", "Result", "UNSUPPORTED ip_version - supported ip_versions: v4 v6")]
    [InlineData("readNetwork", "output_type", "csv", "Result", "UNSUPPORTED output_type - supported output_types: xml json")]
    [InlineData("getNextFreeAddress", "ip", "192.168.99.0", "Result", "ERROR: INVALID request_type: getNextFreeAddress")]
    [InlineData("listNetworks", "network_type", "non-root", "listNetworksResult", "ERROR: INVALID VALUE FOR network_type")]
    public async Task Bad_parameters_are_refused_with_their_text_and_root(string type, string name, string value, string root, string text)
    {
        var given = new Dictionary<string, string> { ["client_name"] = "DEFAULT" };
        if (type == "readNetwork")
            (given["ip"], given["BM"]) = ("192.168.99.0", "29");
        given[name] = value;
        if (value == "")
            given.Remove(name);

        var answer = await http.GetStringAsync(new Uri($"{Endpoint}?request_type={type}&{Join(given)}"), Stopping);

        Assert.Equal(root, XDocument.Parse(answer).Root!.Name);
        Assert.Equal(text, Error(answer));
    }

    [Theory]
    [InlineData('&'), InlineData(';'), InlineData('`'), InlineData('\''), InlineData('\\'), InlineData('<'), InlineData('>')]
    [InlineData('='), InlineData('^'), InlineData('%'), InlineData('#'), InlineData('*')]
    public async Task Characters_that_are_refused_are_refused_in_every_value(char letter)
    {
        var answer = await PostAsync("createHost", ("ip", "192.168.99.2"), ("new_comment", $"a{letter}b"));

        Assert.Equal("Result", XDocument.Parse(answer).Root!.Name);
        Assert.Equal("UNSUPPORTED CHARACTER DETECTED", Error(answer));
        Assert.Empty(gestioip.Inventory.Hosts);
    }

    [Fact]
    public async Task Without_a_request_type_there_is_help_and_no_error()
    {
        var answer = XDocument.Parse(await http.GetStringAsync(new Uri($"{Endpoint}?client_name=DEFAULT"), Stopping));

        Assert.Equal("help", answer.Root!.Name);
        Assert.Empty(answer.Descendants("error"));
    }

    [Fact]
    public async Task A_single_digit_is_the_number_of_a_client()
    {
        gestioip.Inventory.Clients["OTHER"] = 2;
        gestioip.Inventory.AddNetwork("192.168.97.0/29", client: 2);

        var answer = await http.GetStringAsync(new Uri($"{Endpoint}?request_type=readNetwork&client_name=2&ip=192.168.97.0&BM=29"), Stopping);

        Assert.Equal("", Error(answer));
        Assert.Equal("ERROR: NETWORK NOT FOUND: 192.168.97.0", Error(await GetAsync("readNetwork", ("ip", "192.168.97.0"), ("BM", "29"))));
    }

    [Fact]
    public async Task A_root_network_never_allocates()
    {
        Assert.Equal("ERROR: NETWORK NOT FOUND: 10.0.0.0", Error(await PostAsync("reserveFirstFreeNetworkAddress", ("ip", "10.0.0.0"))));
        Assert.Equal("ERROR: NO NETWORK FOR IP FOUND", Error(await PostAsync("createHost", ("ip", "10.0.0.1"))));
    }

    [Fact]
    public async Task The_lowest_free_address_comes_first_and_never_the_networks_own_or_last()
    {
        gestioip.Inventory.AddHost("192.168.99.2", "printer");

        var given = new List<string>();
        for (var i = 0; i < 5; i++)
            given.Add(Value(await PostAsync("reserveFirstFreeNetworkAddress", ("ip", "192.168.99.0"), ("new_hostname", "same")), "IP"));
        var full = Error(await PostAsync("reserveFirstFreeNetworkAddress", ("ip", "192.168.99.0")));

        Assert.Equal(["192.168.99.1", "192.168.99.3", "192.168.99.4", "192.168.99.5", "192.168.99.6"], given);
        Assert.Equal("ERROR: NETWORK HAS NO FREE ADDRESSES AVAILABLE", full);
        Assert.Equal("ERROR: 192.168.99.0 IS A NETWORK ADDRESS", Error(await PostAsync("createHost", ("ip", "192.168.99.0"))));
        Assert.Equal("ERROR: 192.168.99.7 IS A BROADCAST ADDRESS", Error(await PostAsync("createHost", ("ip", "192.168.99.7"))));
    }

    [Fact]
    public async Task Reservations_at_once_never_share_an_address()
    {
        gestioip.Inventory.AddNetwork("192.168.96.0/24");

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync("reserveFirstFreeNetworkAddress", ("ip", "192.168.96.0"))));

        Assert.Equal(100, replies.Select(reply => Value(reply, "IP")).Distinct().Count());
    }

    [Fact]
    public async Task The_first_free_address_is_kept_for_nobody()
    {
        var first = await GetAsync("firstFreeNetworkAddress", ("ip", "192.168.99.0"));
        var second = await GetAsync("firstFreeNetworkAddress", ("ip", "192.168.99.0"));

        Assert.Equal("192.168.99.1", Value(first, "firstFreeAddress"));
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Names_of_hosts_repeat_and_the_first_is_read()
    {
        await PostAsync("createHost", ("ip", "192.168.99.4"), ("new_hostname", "twin"));
        await PostAsync("createHost", ("ip", "192.168.99.3"), ("new_hostname", "twin"));

        Assert.Equal("192.168.99.4", Value(await GetAsync("readHost", ("hostname", "twin")), "IP"));
    }

    [Theory]
    [InlineData("new_site", "Atlantis", "ERROR: SITE NOT FOUND: Atlantis")]
    [InlineData("new_cat", "toys", "ERROR: CATEGORY NOT FOUND: toys")]
    public async Task Unknown_sites_and_categories_are_refused(string name, string value, string text)
    {
        Assert.Equal(text, Error(await PostAsync("reserveFirstFreeNetworkAddress", ("ip", "192.168.99.0"), (name, value))));
        Assert.Empty(gestioip.Inventory.Hosts);
    }

    [Fact]
    public async Task A_host_that_exists_or_is_absent_is_an_error_with_a_text_of_choice()
    {
        gestioip.HostExists = "ERROR: TAKEN";
        gestioip.HostAbsent = "ERROR: GONE";
        await PostAsync("createHost", ("ip", "192.168.99.3"));

        Assert.Equal("ERROR: TAKEN", Error(await PostAsync("createHost", ("ip", "192.168.99.3"))));
        Assert.Equal("ERROR: GONE", Error(await GetAsync("readHost", ("ip", "192.168.99.4"))));
        Assert.Equal("ERROR: GONE", Error(await PostAsync("deleteHost", ("ip", "192.168.99.4"))));
        Assert.Equal("", Error(await PostAsync("deleteHost", ("ip", "192.168.99.3"))));
    }

    [Fact]
    public async Task A_host_keeps_what_it_is_given_and_its_own_columns_stand_together()
    {
        gestioip.Inventory.CustomColumns.Add("rack no");
        await PostAsync("createHost", ("ip", "192.168.99.3"), ("new_hostname", "a"), ("new_comment", "b"), ("new_update_type", "man"), ("new_rack no", "7"));
        await PostAsync("updateHost", ("ip", "192.168.99.3"), ("new_descr", "c"));

        var host = XDocument.Parse(await GetAsync("readHost", ("ip", "192.168.99.3"))).Root!.Element("Host")!;

        Assert.Equal(("a", "c", "b", "man"), ((string)host.Element("hostname")!, (string)host.Element("descr")!, (string)host.Element("comment")!, (string)host.Element("update_type")!));
        Assert.Equal("7", (string?)host.Element("customColumns")!.Element("rack_no"));
    }

    [Fact]
    public async Task A_comma_in_an_error_splits_it()
    {
        gestioip.Trouble = _ => "ERROR: one, two";

        var reply = XDocument.Parse(await GetAsync("version"));

        Assert.Equal(["ERROR: one", " two"], reply.Root!.Element("error")!.Elements("string").Select(part => part.Value));
    }

    [Fact]
    public async Task Json_collapses_lists_of_one_but_not_those_of_listings()
    {
        gestioip.Inventory.AddHost("192.168.99.3", "a");

        var listed = JsonNode.Parse(await GetAsync("listHosts", ("no_csv", "yes"), ("output_type", "json")))!["listHostsResult"]!;
        var used = JsonNode.Parse(await GetAsync("usedNetworkAddresses", ("ip", "192.168.99.0"), ("no_csv", "yes"), ("output_type", "json")))!["usedNetworkAddressesResult"]!;
        var failed = JsonNode.Parse(await GetAsync("readHost", ("ip", "192.168.99.4"), ("output_type", "json")))!["readHostResult"]!;

        Assert.Equal("", (string?)listed["error"]);
        Assert.IsType<JsonArray>(listed["HostList"]!["Host"]);
        Assert.IsType<JsonObject>(used["HostList"]!["Host"]);
        Assert.Equal("ERROR: HOST NOT FOUND", (string?)failed["error"]!["string"]);
    }

    [Fact]
    public async Task Lists_are_lines_by_default_and_escape_their_commas()
    {
        gestioip.Inventory.AddHost("192.168.99.3", "a", "b,c");

        Assert.Equal(@"192.168.99.3,a,,,b\,c,", Value(await GetAsync("listHosts"), "Host"));
        Assert.Equal(@"b\,c", Value(await GetAsync("listHosts", ("no_csv", "yes")), "comment"));
        Assert.Equal("b,c", Value(await GetAsync("usedNetworkAddresses", ("ip", "192.168.99.0"), ("no_csv", "yes")), "comment"));
        Assert.Equal("192.168.99.0/29,,,,by hand", Value(await GetAsync("listNetworks", ("network_type", "non_root")), "Network"));
    }

    [Theory]
    [InlineData("comment::one", "192.168.99.1")]
    [InlineData("comment::one|two", "192.168.99.1 192.168.99.2")]
    [InlineData("comment::two,hostname::b", "192.168.99.2")]
    [InlineData("comment::ONE", "")]
    [InlineData("comment::on[[MATCH_ALL]]", "192.168.99.1")]
    [InlineData("comment::O.E[[MATCH_ALL]]", "192.168.99.1")]
    [InlineData("comment::a/b", "192.168.99.3")]
    [InlineData("comment::a/b[[MATCH_ALL]]", "")]
    [InlineData("comment::me@lab", "")]
    [InlineData("[[ALL]]hostname::d", "192.168.99.4")]
    [InlineData("hostname::d", "")]
    public async Task Filters_compare_as_the_original_does(string filter, string expected)
    {
        gestioip.Inventory.AddHost("192.168.99.1", "a", "one");
        gestioip.Inventory.AddHost("192.168.99.2", "b", "two");
        gestioip.Inventory.AddHost("192.168.99.3", "c", "a/b");
        gestioip.Inventory.AddHost("192.168.99.4", "d.example.org", "me@lab");

        var reply = await GetAsync("listHosts", ("no_csv", "yes"), ("filter", filter));

        Assert.Equal(expected, string.Join(' ', XDocument.Parse(reply).Descendants("IP").Select(address => address.Value)));
    }

    [Theory]
    [InlineData("comment", "ERROR: SINGLE FILTER ARGUMENT WITHOUT VALUE IS NOT SUPPORTED")]
    [InlineData("comment::", "ERROR: INVALID FILTER ARGUMENT")]
    [InlineData("colour::red", "ERROR: UNKNOWN FILTER ATTRIBUTE: colour - hostname description site category comment")]
    [InlineData("[[MATCH_ALL]]comment::a", "ERROR: UNKNOWN FILTER ATTRIBUTE: [[MATCH_ALL]]comment - hostname description site category comment")]
    public async Task Bad_filters_are_refused(string filter, string text) => Assert.Equal(text, Error(await GetAsync("listHosts", ("filter", filter))));

    [Fact]
    public async Task A_limit_without_a_filter_counts_every_row_twice()
    {
        for (var i = 1; i <= 6; i++)
            gestioip.Inventory.AddHost($"192.168.99.{i}", "h", "x");

        string[] first = await PageAsync("1"), second = await PageAsync("2");
        var filtered = await GetAsync("listHosts", ("no_csv", "yes"), ("limit", "4"), ("filter", "comment::x"));

        Assert.Equal(["192.168.99.1", "192.168.99.2"], first);
        Assert.Equal(["192.168.99.5", "192.168.99.6"], second);
        Assert.Equal(4, XDocument.Parse(filtered).Descendants("IP").Count());

        async Task<string[]> PageAsync(string page) =>
            [.. XDocument.Parse(await GetAsync("listHosts", ("no_csv", "yes"), ("limit", "4"), ("page", page))).Descendants("IP").Select(each => each.Value)];
    }

    [Fact]
    public async Task Lists_of_IPv6_hosts_end_at_a_horizon_that_the_list_of_a_network_does_not_have()
    {
        gestioip.Inventory.AddNetwork("fd00:1::/64");
        gestioip.Inventory.AddNetwork("2001:db8:1::/64");
        await PostAsync("reserveFirstFreeNetworkAddress", ("ip", "fd00:1::"));
        await PostAsync("reserveFirstFreeNetworkAddress", ("ip", "2001:0db8:0001:0000:0000:0000:0000:0000"));

        var listed = await GetAsync("listHosts", ("no_csv", "yes"), ("ip_version", "v6"));
        var used = await GetAsync("usedNetworkAddresses", ("ip", "fd00:1::"), ("no_csv", "yes"));

        Assert.Equal("2001:0db8:0001:0000:0000:0000:0000:0001", Value(listed, "IP"));
        Assert.Equal("fd00:0001:0000:0000:0000:0000:0000:0001", Value(used, "IP"));
    }

    [Fact]
    public async Task A_reservation_can_be_made_and_its_reply_lost()
    {
        running.Faults.Add(new Fault(FaultKind.DropAfter) { MatchesBody = body => body.Contains("reserveFirstFree", StringComparison.Ordinal) });

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("reserveFirstFreeNetworkAddress", ("ip", "192.168.99.0"), ("new_comment", "mine")));

        Assert.Equal("mine", Assert.Single(gestioip.Inventory.Hosts).Comment);
    }

    [Fact]
    public async Task A_foreign_row_makes_a_list_malformed_and_its_json_an_error_of_the_server()
    {
        gestioip.Inventory.AddHost("192.168.99.1", "lab", "R&D <old>");
        gestioip.Inventory.AddHost("192.168.99.2", "shop", "mine");

        var whole = await GetAsync("listHosts", ("no_csv", "yes"));
        var filtered = await GetAsync("listHosts", ("no_csv", "yes"), ("filter", "comment::mine"));
        using var json = await http.GetAsync(Url("listHosts", ("no_csv", "yes"), ("output_type", "json")), Stopping);

        Assert.Throws<XmlException>(() => XDocument.Parse(whole));
        Assert.Equal("192.168.99.2", Value(filtered, "IP"));
        Assert.Equal(HttpStatusCode.InternalServerError, json.StatusCode);
    }

    [Fact]
    public async Task A_restart_loses_nothing()
    {
        await PostAsync("createHost", ("ip", "192.168.99.3"), ("new_comment", "mine"));

        await running.RestartAsync();

        Assert.Equal("mine", Value(await GetAsync("readHost", ("ip", "192.168.99.3")), "comment"));
    }

    private string Endpoint => $"{running.Url}gestioip/api/api.cgi";

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static string Join(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"));

    private static string Error(string reply) => string.Concat(XDocument.Parse(reply).Root!.Element("error")!.Elements("string").Select(part => part.Value));

    private static string Value(string reply, string name) => Assert.Single(XDocument.Parse(reply).Descendants(name)).Value;

    private Uri Url(string type, params (string Name, string Value)[] parameters) => new(
        $"{Endpoint}?request_type={type}&client_name=DEFAULT&{Join(parameters.Select(each => KeyValuePair.Create(each.Name, each.Value)))}".TrimEnd('&'));

    private Task<string> GetAsync(string type, params (string Name, string Value)[] parameters) => http.GetStringAsync(Url(type, parameters), Stopping);

    private async Task<string> PostAsync(string type, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(
            parameters.Select(each => KeyValuePair.Create(each.Name, each.Value)).Prepend(new("client_name", "DEFAULT")).Prepend(new("request_type", type)));
        using var answer = await http.PostAsync(new Uri(Endpoint), form, Stopping);
        return await answer.Content.ReadAsStringAsync(Stopping);
    }
}
