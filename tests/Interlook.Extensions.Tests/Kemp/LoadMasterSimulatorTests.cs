using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Interlook.Simulators;
using Interlook.Simulators.Faults;
using Interlook.Simulators.Kemp;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>The simulated LoadMaster enforces what the real one enforces: a test, at least, for each line of what is known of it.</summary>
public sealed class LoadMasterSimulatorTests : IAsyncLifetime
{
    private const string Service = "vs=127.10.0.1&port=8080&prot=tcp";

    private readonly ManualTimeProvider time = new();
    private readonly TemporaryFolder folder = new();
    private readonly TestCertificates certificates;
    private readonly LoadMaster kemp;
    private RunningAppliance running = null!;
    private HttpClient http = null!;

    public LoadMasterSimulatorTests()
    {
        certificates = new(folder.Path, "kemp");
        kemp = new(time) { HasFloodGuard = false };
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        running = await RunningAppliance.StartAsync(kemp, certificates.Server, time: time);
        http = Client();
        http.DefaultRequestHeaders.Authorization = Basic("api", "apiPassw0rd");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await running.DisposeAsync();
        certificates.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_request_needs_credentials_and_a_refusal_is_no_xml()
    {
        using var nobody = Client();
        using var wrong = Client();
        wrong.DefaultRequestHeaders.Authorization = Basic("api", "wrong");

        foreach (var client in new[] { nobody, wrong })
        {
            using var answer = await client.GetAsync(new Uri("/access/listvs", UriKind.Relative), Stopping);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        }
        Assert.Empty(kemp.Commands);
    }

    [Fact]
    public async Task An_api_key_is_as_good_as_a_password()
    {
        kemp.ApiKeys["s3cret"] = "api";
        using var nobody = Client();

        using var good = await nobody.GetAsync(new Uri("/access/listvs?apikey=s3cret", UriKind.Relative), Stopping);
        using var bad = await nobody.GetAsync(new Uri("/access/listvs?apikey=other", UriKind.Relative), Stopping);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
    }

    [Fact]
    public async Task A_client_certificate_is_good_with_session_management_only()
    {
        kemp.Users["interlook"] = "unused";
        using var handler = Handler();
        handler.SslOptions.ClientCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(
            System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(certificates.CertFile, certificates.KeyFile), null, offline: true);
        using var client = new HttpClient(handler) { BaseAddress = running.Url };

        using var good = await client.GetAsync(new Uri("/access/listvs", UriKind.Relative), Stopping);
        kemp.HasSessionManagement = false;
        using var bad = await client.GetAsync(new Uri("/access/listvs", UriKind.Relative), Stopping);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
    }

    [Fact]
    public async Task A_user_without_the_permission_may_read_only()
    {
        kemp.Readers.Add("api");

        Assert.Equal(200, (await CallAsync("listvs")).Status);
        Assert.Equal(403, (await CallAsync($"addvs?{Service}")).Status);
    }

    [Fact]
    public async Task Switched_off_or_booting_it_answers_nothing_else()
    {
        kemp.IsEnabled = false;
        using var off = await http.GetAsync(new Uri("/access/listvs", UriKind.Relative), Stopping);
        kemp.IsEnabled = true;
        kemp.IsBooting = true;
        using var booting = await http.GetAsync(new Uri("/access/listvs", UriKind.Relative), Stopping);

        Assert.Equal(HttpStatusCode.NotFound, off.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, booting.StatusCode);
    }

    [Fact]
    public async Task After_a_restart_it_boots_for_a_while_and_has_kept_its_services()
    {
        await CallAsync($"addvs?{Service}");
        kemp.CallsWhileBooting = 2;

        await running.RestartAsync();

        var statuses = new List<int> { await StatusAsync("listvs"), await StatusAsync("listvs"), await StatusAsync($"showvs?{Service}") };
        Assert.Equal([503, 503, 200], statuses);
    }

    [Theory]
    [InlineData("addvs", "vs: Address Value missing")]
    [InlineData("addvs?vs=127.10.0.1", "port: String Value missing")]
    [InlineData("addvs?vs=127.10.0.1&port=80", "prot: String Value missing")]
    [InlineData("showvs?vs=!41", "port: String Value missing")]
    [InlineData("addrs?vs=41&rsport=80", "rs: String Value missing")]
    [InlineData("addrs?vs=41&rs=10.0.0.1", "rsport: String Value missing")]
    public async Task A_missing_parameter_is_named(string command, string text)
    {
        await CallAsync($"addvs?{Service}");

        Assert.Equal((400, text), await CallAsync(command));
    }

    [Fact]
    public async Task Unknown_parameters_are_passed_over_and_names_have_no_case()
    {
        Assert.Equal(200, (await CallAsync("addvs?VS=127.10.0.1&Port=8080&PROT=tcp&NickName=shop&colour=green")).Status);

        Assert.Equal("shop", (await XmlAsync($"showvs?{Service}")).Descendants("NickName").Single().Value);
    }

    [Theory]
    [InlineData("showvs?vs=127.10.0.9&port=8080&prot=tcp", "Unknown VS")]
    [InlineData("modvs?vs=99&nickname=a", "Unknown VS")]
    [InlineData("delvs?vs=99", "Unknown VS")]
    [InlineData("addrs?vs=99&rs=10.0.0.1&rsport=80", "Unknown VS")]
    [InlineData("showrs?vs=41&rs=10.0.0.9&rsport=80", "Unknown RS")]
    [InlineData("modrs?vs=41&rs=!9&weight=5", "Unknown RS")]
    [InlineData("delrs?vs=41&rs=10.0.0.9&rsport=80", "Unknown RS")]
    public async Task What_is_absent_is_unknown(string command, string text)
    {
        await CallAsync($"addvs?{Service}");

        Assert.Equal((422, text), await CallAsync(command));
    }

    [Fact]
    public async Task The_envelope_is_as_recorded()
    {
        using var answer = await http.GetAsync(new Uri("/access/showvs?vs=7", UriKind.Relative), Stopping);

        Assert.Equal("text/xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<Response stat=\"422\" code=\"fail\">\n<Error>Unknown VS</Error>\n</Response>\n",
            Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Stopping)));
    }

    [Fact]
    public async Task A_second_service_at_an_address_port_and_protocol_is_refused_and_changes_nothing()
    {
        await CallAsync($"addvs?{Service}&nickname=first");
        await CallAsync("addvs?vs=127.10.0.1&port=8081&prot=tcp");
        var before = kemp.Run("listvs");

        var again = await CallAsync($"addvs?{Service}&nickname=second");
        var moved = await CallAsync("modvs?vs=127.10.0.1&port=8081&prot=tcp&vsport=8080");

        Assert.Equal([422, 422], [again.Status, moved.Status]);
        Assert.Equal(before, kemp.Run("listvs"));
        Assert.Equal(200, (await CallAsync("addvs?vs=127.10.0.1&port=8080&prot=udp")).Status);
    }

    [Fact]
    public async Task A_service_moves_in_place()
    {
        await CallAsync($"addvs?{Service}&nickname=shop");
        await CallAsync($"addrs?{Service}&rs=10.0.0.1&rsport=80");

        await CallAsync($"modvs?{Service}&vsaddress=127.10.0.2&vsport=443");

        var moved = await XmlAsync("showvs?vs=127.10.0.2&port=443&prot=tcp");
        Assert.Equal("41", moved.Descendants("Index").Single().Value);
        Assert.Equal("shop", moved.Descendants("NickName").Single().Value);
        Assert.Single(moved.Descendants("Rs"));
        Assert.Equal(422, (await CallAsync($"showvs?{Service}")).Status);
    }

    [Fact]
    public async Task A_real_server_is_there_once_and_is_found_by_address_or_by_a_bang()
    {
        await CallAsync($"addvs?{Service}");
        var added = await XmlAsync("addrs?vs=41&rs=10.0.0.1&rsport=80");
        var index = added.Descendants("RsIndex").Single().Value;

        Assert.Equal(422, (await CallAsync("addrs?vs=41&rs=10.0.0.1&rsport=80")).Status);
        Assert.Equal((200, "Command completed ok"), await CallAsync($"modrs?vs=41&rs=!{index}&weight=7&enable=N"));
        Assert.Equal("7", (await XmlAsync("showrs?vs=41&rs=10.0.0.1&rsport=80")).Descendants("Weight").Single().Value);
        Assert.Equal(422, (await CallAsync($"showrs?vs=41&rs={index}&rsport=80")).Status);
        Assert.Equal((200, "Command completed ok"), await CallAsync($"delrs?vs=41&rs=!{index}"));
    }

    [Theory]
    [InlineData("addvs?vs=127.10.0.2&port=2&prot=tcp")]
    [InlineData("addvs?vs=127.10.0.2&port=65531&prot=tcp")]
    [InlineData("addvs?vs=somewhere&port=80&prot=tcp")]
    [InlineData("addvs?vs=127.10.0.2&port=80&prot=tcp&nickname=-shop")]
    [InlineData("addvs?vs=127.10.0.2&port=80&prot=tcp&nickname=a%20b")]
    [InlineData("addvs?vs=127.10.0.2&port=80&prot=tcp&vstype=gopher")]
    [InlineData("addvs?vs=127.10.0.2&port=80&prot=tcp&checktype=gopher")]
    [InlineData("addvs?vs=127.10.0.2&port=80&prot=tcp&schedule=best")]
    [InlineData("addrs?vs=41&rs=10.0.0.1&rsport=80&weight=0")]
    [InlineData("addrs?vs=41&rs=10.0.0.1&rsport=80&weight=65536")]
    [InlineData("addrs?vs=41&rs=10.0.0.1&rsport=80&limit=100001")]
    [InlineData("addrs?vs=41&rs=unknown.example.org&rsport=80")]
    public async Task Values_out_of_bounds_are_refused_and_change_nothing(string command)
    {
        await CallAsync($"addvs?{Service}");
        var before = kemp.Run("listvs");

        Assert.Equal(422, (await CallAsync(command)).Status);
        Assert.Equal(before, kemp.Run("listvs"));
    }

    [Fact]
    public async Task A_service_has_real_servers_or_sub_services_never_both()
    {
        await CallAsync($"addvs?{Service}");
        await CallAsync("addvs?vs=127.10.0.2&port=8080&prot=tcp");
        await CallAsync("addrs?vs=42&rs=10.0.0.1&rsport=80");

        var parent = await XmlAsync("modvs?vs=41&createsubvs=");
        var child = parent.Descendants("SubVS").Single().Element("VSIndex")!.Value;

        Assert.Equal((422, "Couldn't create RS"), await CallAsync("addrs?vs=41&rs=10.0.0.1&rsport=80"));
        Assert.Equal(200, (await CallAsync($"addrs?vs={child}&rs=10.0.0.1&rsport=80")).Status);
        Assert.Equal(422, (await CallAsync("modvs?vs=42&createsubvs=")).Status);
    }

    [Fact]
    public async Task A_list_has_sub_services_and_a_removal_takes_them_along()
    {
        await CallAsync($"addvs?{Service}");
        await CallAsync("modvs?vs=41&createsubvs=");

        var list = await XmlAsync("listvs");
        var child = list.Descendants("VS").Single(each => each.Element("MasterVSID")!.Value == "41");
        Assert.Equal("0", child.Element("VSPort")!.Value);
        Assert.Null(child.Element("VSAddress"));

        Assert.Equal((200, "Command completed ok"), await CallAsync("delvs?vs=41"));
        Assert.Empty((await XmlAsync("listvs")).Descendants("VS"));
    }

    [Fact]
    public async Task Servers_outside_need_the_global_option_and_a_service_that_is_not_transparent()
    {
        await CallAsync($"addvs?{Service}");
        await CallAsync("addvs?vs=127.10.0.2&port=8080&prot=tcp&transparent=y");

        Assert.Equal(200, (await CallAsync("addrs?vs=41&rs=10.0.0.1&rsport=80&non_local=1")).Status);
        Assert.Equal(422, (await CallAsync("addrs?vs=42&rs=10.0.0.1&rsport=80&non_local=1")).Status);
        kemp.NonLocalServers = false;
        Assert.Equal(422, (await CallAsync("addrs?vs=41&rs=10.0.0.2&rsport=80&non_local=1")).Status);
        Assert.Equal(200, (await CallAsync("addrs?vs=41&rs=10.0.0.2&rsport=80")).Status);
    }

    [Fact]
    public async Task Numbers_of_servers_count_over_the_whole_appliance_and_are_no_positions()
    {
        await CallAsync($"addvs?{Service}");
        await CallAsync("addvs?vs=127.10.0.2&port=8080&prot=tcp");

        var first = await XmlAsync("addrs?vs=41&rs=10.0.0.1&rsport=80");
        var second = await XmlAsync("addrs?vs=42&rs=10.0.0.1&rsport=80");

        Assert.Equal(["41", "701", "42", "702"], new[] { first, second }.SelectMany(row => new[] { "VSIndex", "RsIndex" }.Select(name => row.Descendants(name).Single().Value)));
    }

    [Fact]
    public async Task The_31st_call_within_three_seconds_is_dropped()
    {
        kemp.HasFloodGuard = true;
        for (var i = 0; i < 30; i++)
            Assert.Equal(200, await StatusAsync("listvs"));

        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync("listvs"));
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(200, await StatusAsync("listvs"));
        Assert.True(kemp.Dropped > 0);
    }

    [Fact]
    public async Task A_new_service_is_hidden_for_a_while()
    {
        kemp.VisibilityDelay = TimeSpan.FromMilliseconds(500);

        Assert.Equal(200, (await CallAsync($"addvs?{Service}")).Status);
        Assert.Equal((422, "Unknown VS"), await CallAsync($"showvs?{Service}"));
        Assert.Equal(422, (await CallAsync($"addvs?{Service}")).Status);
        time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(200, (await CallAsync($"showvs?{Service}")).Status);
    }

    [Theory]
    [InlineData(false, 422)]
    [InlineData(true, 200)]
    public async Task The_second_interface_fails_in_either_way(bool hides, int status)
    {
        kemp.HidesJsonFailures = hides;

        var (answered, body) = await JsonAsync("""{"cmd":"showvs","apiuser":"api","apipass":"apiPassw0rd","vs":"12"}""");

        Assert.Equal(status, answered);
        Assert.Equal("""{"code":422,"message":"Unknown VS","status":"fail"}""", body.ToJsonString());
    }

    [Fact]
    public async Task The_second_interface_has_types_of_its_own()
    {
        kemp.ApiKeys["s3cret"] = "api";

        var (_, added) = await JsonAsync("""{"cmd":"addvs","apikey":"s3cret","vs":"127.10.0.1","port":"8080","prot":"tcp"}""");
        var (_, server) = await JsonAsync("""{"cmd":"addrs","apikey":"s3cret","vs":"41","rs":"10.0.0.1","rsport":"80"}""");
        var (_, list) = await JsonAsync("""{"cmd":"listvs","apikey":"s3cret"}""");
        var (_, done) = await JsonAsync("""{"cmd":"modrs","apikey":"s3cret","vs":"41","rs":"!701","weight":"3"}""");
        var (refused, _) = await JsonAsync("""{"cmd":"listvs","apikey":"s3cret2"}""");
        using var get = await http.GetAsync(new Uri("/accessv2", UriKind.Relative), Stopping);

        Assert.Equal("""[41,"8080",true,["opnormal","auditrelevant","reqdatadisable","resdatadisable"]]""", new JsonArray(
            added["Index"]!.DeepClone(), added["VSPort"]!.DeepClone(), added["Enable"]!.DeepClone(), added["InterceptOpts"]!.DeepClone()).ToJsonString());
        Assert.Null(added["Rs"]);
        Assert.Equal(80, server["Rs"]![0]!["Port"]!.GetValue<int>());
        Assert.Equal("ok", list["status"]!.GetValue<string>());
        Assert.Equal(701, list["VS"]![0]!["Rs"]![0]!["RsIndex"]!.GetValue<int>());
        Assert.Equal("""{"code":200,"message":"Command completed ok","status":"ok"}""", done.ToJsonString());
        Assert.Equal(401, refused);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task A_server_is_down_until_its_first_check_and_the_service_follows_its_servers()
    {
        await CallAsync($"addvs?{Service}");
        await CallAsync("addrs?vs=41&rs=10.0.0.1&rsport=80");
        async Task<string[]> StatesAsync() => [.. (await XmlAsync("showvs?vs=41")).Descendants("Status").Select(status => status.Value)];

        Assert.Equal(["Down", "Down"], await StatesAsync());
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(["Up", "Up"], await StatesAsync());
        await CallAsync("disablers?rs=10.0.0.1");
        Assert.Equal(["Down", "Disabled"], await StatesAsync());
        await CallAsync("enablers?rs=10.0.0.1");
        await CallAsync("modvs?vs=41&enable=0");
        Assert.Equal(["Disabled", "Up"], await StatesAsync());
    }

    [Fact]
    public async Task A_fresh_service_has_the_recorded_values()
    {
        var http80 = await XmlAsync("addvs?vs=127.10.0.1&port=80&prot=tcp");
        var other = await XmlAsync($"addvs?{Service}");
        var datagrams = await XmlAsync("addvs?vs=127.10.0.1&port=53&prot=udp");

        static string Values(XDocument service) => string.Join(' ', new[] { "VStype", "CheckType", "Layer", "Transparent", "Schedule" }.Select(name => service.Descendants(name).Single().Value));
        Assert.Equal("http http 7 N rr", Values(http80));
        Assert.Equal("gen tcp 7 N rr", Values(other));
        Assert.Equal("gen icmp 4 Y rr", Values(datagrams));
        Assert.Empty(other.Descendants("NickName"));
    }

    [Fact]
    public async Task Commands_that_do_not_exist_are_refused()
    {
        Assert.Equal(405, (await CallAsync("openpodbaydoors")).Status);
        kemp.UnknownCommandStatus = 422;
        Assert.Equal(422, (await CallAsync("openpodbaydoors")).Status);
    }

    [Fact]
    public async Task An_answer_can_be_lost_after_the_work_was_done()
    {
        running.Faults.Add(new(FaultKind.DropAfter, (_, path) => path.Contains("addvs", StringComparison.Ordinal)));

        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync($"addvs?{Service}"));

        Assert.Equal(200, await StatusAsync($"showvs?{Service}"));
    }

    private static SocketsHttpHandler Handler() => new() { SslOptions = { RemoteCertificateValidationCallback = (_, server, _, _) => server?.Subject == "CN=docker" } };

    private HttpClient Client() => new(Handler()) { BaseAddress = running.Url };

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private async Task<int> StatusAsync(string command)
    {
        using var answer = await http.GetAsync(new Uri($"/access/{command}", UriKind.Relative), Stopping);
        return (int)answer.StatusCode;
    }

    private async Task<(int Status, string Text)> CallAsync(string command)
    {
        using var answer = await http.GetAsync(new Uri($"/access/{command}", UriKind.Relative), Stopping);
        var response = XDocument.Parse(Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Stopping))).Root!;
        Assert.Equal((int)answer.StatusCode, (int)response.Attribute("stat")!);
        return ((int)answer.StatusCode, response.Element("Error")?.Value ?? response.Element("Success")!.Value);
    }

    private async Task<XDocument> XmlAsync(string command)
    {
        using var answer = await http.GetAsync(new Uri($"/access/{command}", UriKind.Relative), Stopping);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return XDocument.Parse(Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Stopping)));
    }

    private async Task<(int Status, JsonNode Body)> JsonAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/accessv2", UriKind.Relative), content, Stopping);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stopping))!);
    }
}
