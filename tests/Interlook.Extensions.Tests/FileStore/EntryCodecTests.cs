using System.Net;
using System.Text;
using System.Text.Json;
using Interlook.Entries;
using Interlook.Extensions.FileStore;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.FileStore;

public sealed class EntryCodecTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    private static readonly EntryCodec Codec = new(
        "provider.docker",
        ["ipam.ipalloc", "dns.consul", "lb.haproxy"],
        step => step.Replace("provisioner.ipalloc", "ipam.ipalloc", StringComparison.Ordinal));

    private static readonly ServiceDefinition Found = new()
    {
        Name = "shop <1>",
        Provider = "provider.docker",
        Targets = [new Target("10.0.0.7", 8081, 2), new Target("2001:db8::7", 80)],
        Tls = true,
        DnsNames = ["shop.example.org", "www.example.org"],
    };

    private static readonly Entry Full = new()
    {
        Key = new ServiceKey("other", "shop <1>"),
        Desired = Found,
        Expected = ExpectedState.Deployed,
        State = "lb.haproxy",
        Steps =
        [
            new StepRecord("ipam.ipalloc", Found, Found with { PublicIp = IPAddress.Parse("192.168.99.10") }, []),
            new StepRecord("dns.consul", null, null, [Found with { PublicIp = IPAddress.Parse("192.168.99.10"), DnsNames = [] }, Found]),
        ],
        Failure = new StepFailure("dns.consul", Reason.Unreachable, "no \"Consul\" at http://127.0.0.1:8500", 3),
        Info = "waits",
        TimeDetected = Noon,
        LastUpdate = Noon.AddSeconds(1),
        WipTime = Noon.AddSeconds(2),
    };

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        var bytes = Write(Full);

        var read = Read("other/shop <1>", bytes);

        Assert.Equal(Full, read);
    }

    [Fact]
    public void Equal_definitions_are_one_instance_after_reading()
    {
        var read = Read("other/shop <1>", Write(Full));

        Assert.Same(read.Desired, read.Steps[0].Given);
        Assert.Same(read.Desired, read.Steps[1].Attempted[1]);
        Assert.Same(read.Service, read.Steps[0].Acknowledged);
    }

    [Fact]
    public void The_fields_have_the_earlier_systems_names()
    {
        using var document = JsonDocument.Parse(Write(Full));
        var entry = document.RootElement;

        var names = entry.EnumerateObject().Select(member => member.Name).ToList();
        Assert.Equal(
            ["state", "expected_state", "work_in_progress", "wip_time", "time_detected", "last_update", "close_time", "error", "info", "service"],
            names.Take(10));
        Assert.Equal(
            ["name", "provider", "targets", "tls", "public_ip", "dns_name"],
            entry.GetProperty("service").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void A_deployed_entry_of_usual_size_takes_less_than_a_thousand_bytes()
    {
        var leased = Found with { PublicIp = IPAddress.Parse("192.168.99.10") };
        var entry = Full with
        {
            State = Entry.Deployed,
            Steps = [new("ipam.ipalloc", Found, leased, []), new("dns.consul", leased, leased, []), new("lb.haproxy", leased, leased, [])],
            Failure = null,
            Info = null,
            WipTime = null,
            CloseTime = Noon,
        };

        Assert.True(Write(entry).Length < 1000, Encoding.UTF8.GetString(Write(entry)));
    }

    [Theory]
    [InlineData("\"expected_state\": \"perhaps\"", "expected_state is 'perhaps'")]
    [InlineData("\"time_detected\": \"yesterday\"", "time_detected is not a time")]
    [InlineData("\"desired\": 7", "there is no definition 7")]
    [InlineData("\"service\": 7", "an object is expected here")]
    [InlineData("\"steps\": {}", "steps must be a list")]
    [InlineData("\"state\": null", "state must be a text")]
    public void A_broken_field_is_named(string member, string expected)
    {
        using var document = JsonDocument.Parse(Write(Full));
        var name = member[1..member.IndexOf('"', 1)];
        var members = document.RootElement.EnumerateObject().Select(field => field.Name == name ? member : $"\"{field.Name}\": {field.Value.GetRawText()}");

        var problem = Assert.Throws<JsonException>(() => Read("other/shop <1>", Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}")));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployed_entry_of_the_earlier_system_has_every_step_behind_it()
    {
        var entry = Assert.Single(Earlier("""
            {"web": {"state": "deployed", "expected_state": "deployed", "work_in_progress": false, "wip_time": "0001-01-01T00:00:00Z",
              "time_detected": "2019-05-01T10:00:00+02:00", "last_update": "2019-05-01T10:00:01Z", "close_time": "2019-05-01T10:00:02Z",
              "service": {"name": "web", "provider": "docker", "targets": [{"host": "10.0.0.1", "port": 80, "weight": 3}],
                "tls": true, "public_ip": "192.168.99.1", "dns_name": ["Web.example.org."]}}}
            """));

        var definition = new ServiceDefinition
        {
            Name = "web",
            Provider = "provider.docker",
            Targets = [new Target("10.0.0.1", 80, 3)],
            Tls = true,
            PublicIp = IPAddress.Parse("192.168.99.1"),
            DnsNames = ["web.example.org"],
        };
        Assert.Equal("default/web", entry.Key);
        Assert.Equal(definition, entry.Value.Desired);
        Assert.Equal(Entry.Deployed, entry.Value.State);
        Assert.Equal(["ipam.ipalloc", "dns.consul", "lb.haproxy"], entry.Value.Steps.Select(step => step.Step));
        Assert.All(entry.Value.Steps, step => Assert.Equal(new StepRecord(step.Step, null, definition, []), step));
        Assert.Equal(new DateTimeOffset(2019, 5, 1, 8, 0, 0, TimeSpan.Zero), entry.Value.TimeDetected);
        Assert.Null(entry.Value.WipTime);
    }

    [Fact]
    public void An_entry_of_the_earlier_system_on_its_way_has_attempted_the_steps_up_to_where_it_stands()
    {
        var entry = Assert.Single(Earlier("""
            {"web": {"state": "provisioner.ipalloc", "expected_state": "deployed", "work_in_progress": true, "wip_time": "2019-05-01T10:00:00Z",
              "time_detected": "2019-05-01T10:00:00Z", "last_update": "2019-05-01T10:00:01Z", "close_time": "0001-01-01T00:00:00Z",
              "service": {"name": "web", "provider": "provider.swarm", "hosts": ["10.0.0.1", "10.0.0.2"], "port": 8080, "dns_name": "web.example.org"}}}
            """)).Value;

        Assert.Equal("ipam.ipalloc", entry.State);
        Assert.Equal("provider.swarm", entry.Desired.Provider);
        Assert.Equal([new Target("10.0.0.1", 8080), new Target("10.0.0.2", 8080)], entry.Desired.Targets);
        Assert.Equal(["web.example.org"], entry.Desired.DnsNames);
        Assert.Equal([new StepRecord("ipam.ipalloc", null, null, [entry.Desired])], entry.Steps);
    }

    [Theory]
    [InlineData("undeployed")]
    [InlineData("provider.docker")]
    public void An_entry_of_the_earlier_system_that_has_begun_nothing_has_no_steps(string state)
    {
        var entry = Assert.Single(Earlier($$$"""
            {"web": {"state": "{{{state}}}", "expected_state": "undeployed", "service": {"name": "web"} } }
            """)).Value;

        Assert.Empty(entry.Steps);
        Assert.Equal(state, entry.State);
        Assert.Equal(ExpectedState.Undeployed, entry.Expected);
    }

    [Theory]
    [InlineData("{\"web\": {\"service\": {\"targets\": [{\"host\": \"a\", \"port\": 70000}]}}}", "the entry of service 'web': port")]
    [InlineData("{\"web\": {\"service\": {\"public_ip\": \"300.1.1.1\"}}}", "'300.1.1.1' is not an IP address")]
    [InlineData("{\" web\": {\"service\": {}}}", "the name of service ' web' begins or ends with a space")]
    public void A_broken_entry_of_the_earlier_system_is_named(string text, string expected)
    {
        var problem = Assert.Throws<JsonException>(() => Earlier(text));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"fromat\": 2, \"entries\": {}}")]
    public void Something_else_is_not_taken_for_a_file_of_the_earlier_system(string text)
    {
        using var document = JsonDocument.Parse(text);

        Assert.Null(Codec.ReadEarlier(document.RootElement));
    }

    private static byte[] Write(Entry entry)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            Codec.Write(json, entry);
        return bytes.WrittenSpan.ToArray();
    }

    private static Entry Read(string key, byte[] bytes)
    {
        var json = new Utf8JsonReader(bytes);
        json.Read();
        return Codec.Read(key, ref json);
    }

    private static IReadOnlyDictionary<string, Entry> Earlier(string text)
    {
        using var document = JsonDocument.Parse(text);
        return Codec.ReadEarlier(document.RootElement)!;
    }
}
