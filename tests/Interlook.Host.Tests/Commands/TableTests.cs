using System.Text.Json;
using Interlook.Host.Commands;
using Spectre.Console.Rendering;
using Xunit;

namespace Interlook.Host.Tests.Commands;

public sealed class TableTests
{
    private const string Shop = """
        {
          "state": "deployed", "expected_state": "deployed", "work_in_progress": false, "wip_time": "0001-01-01T00:00:00Z",
          "time_detected": "2026-01-01T00:00:00Z", "last_update": "2026-01-01T00:00:01.5Z", "close_time": "2026-01-01T00:00:02Z",
          "service": {
            "name": "shop", "provider": "provider.docker", "tls": false, "public_ip": "192.168.99.1", "dns_name": ["a.example.org", "b.example.org"],
            "targets": [{"host": "10.0.0.7", "port": 8081, "weight": 2}, {"host": "fd00::7", "port": 80, "weight": 1}]
          },
          "workflow": "default"
        }
        """;

    private const string Failed = """
        {
          "state": "lb.haproxy", "expected_state": "deployed", "work_in_progress": false, "close_time": "0001-01-01T00:00:00Z",
          "last_update": "2026-01-01T00:00:01Z", "error": "[red]port 80[/] is taken", "workflow": "intern",
          "service": { "name": "x", "provider": "provider.docker", "targets": [], "tls": true, "dns_name": [] }
        }
        """;

    [Theory]
    [InlineData(0, 0, 80, 25)]
    [InlineData(-1, -1, 80, 25)]
    [InlineData(132, 43, 132, 43)]
    public void A_terminal_without_a_size_is_taken_for_an_ordinary_one(int columns, int lines, int width, int height)
    {
        Assert.Equal(width, Screen.Width(columns));
        Assert.Equal(height, Screen.Height(lines));
    }

    [Fact]
    public void Services_are_a_line_each()
    {
        var table = Show(ServicesCommand.ListOf, $$"""{ "shop": {{Shop}}, "intern/x": {{Failed}} }""");

        Assert.Equal(
            """
            NAME      STATE                ADDRESS       HOSTS                         TARGETS                      UPDATED               REMARK
            shop      deployed             192.168.99.1  a.example.org, b.example.org  10.0.0.7:8081, [fd00::7]:80  2026-01-01 00:00:01Z
            intern/x  lb.haproxy (failed)                                                                           2026-01-01 00:00:01Z  [red]port 80[/] is taken

            """,
            table);
    }

    [Fact]
    public void One_service_is_shown_with_everything_that_is_known()
    {
        var table = Show(ServicesCommand.One, Shop);

        Assert.Equal(
            """
            SERVICE   shop
            state     deployed
            expected  deployed
            provider  provider.docker
            address   192.168.99.1
            hosts     a.example.org, b.example.org
            tls       no
            target    10.0.0.7:8081 weight 2
            target    [fd00::7]:80 weight 1
            detected  2026-01-01 00:00:00Z
            updated   2026-01-01 00:00:01Z
            closed    2026-01-01 00:00:02Z

            """,
            table);
    }

    [Fact]
    public void A_service_of_a_named_workflow_bears_its_name()
    {
        var table = Show(ServicesCommand.One, Failed);

        Assert.StartsWith("SERVICE   intern/x\nstate     lb.haproxy (failed)\n", table, StringComparison.Ordinal);
        Assert.EndsWith("\nclosed\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_is_a_line_for_each_transition()
    {
        var table = Show(HistoryCommand.Show, """
            {
              "service": "shop",
              "transitions": [
                { "time": "2026-01-01T00:00:00.5Z", "step": "provider.docker", "action": "detected" },
                { "time": "2026-01-01T00:00:01Z", "step": "dns.consul", "action": "failed", "duration_ms": 1512, "reason": "Unreachable",
                  "error": "Consul does not answer", "attempts": 3, "last_time": "2026-01-01T00:00:09Z" },
                { "time": "2026-01-01T00:00:10Z", "step": "dns.consul", "action": "deployed", "duration_ms": 12 },
                { "time": "2026-01-01T00:00:10Z", "step": "core", "action": "deployed" },
                { "time": "2026-01-01T00:10:00Z", "step": "dns.consul", "action": "drifted", "error": "the name is missing" },
                { "time": "2026-01-01T00:10:00Z", "step": "dns.consul", "action": "deploying" }
              ]
            }
            """);

        Assert.Equal(
            """
            TIME                  WHO              WHAT       TOOK   REMARK
            2026-01-01 00:00:00Z  provider.docker  detected
            2026-01-01 00:00:01Z  dns.consul       failed     1.5 s  3 times, last 2026-01-01 00:00:09Z: Unreachable: Consul does not answer
            2026-01-01 00:00:10Z  dns.consul       deployed   12 ms
            2026-01-01 00:00:10Z  core             deployed
            2026-01-01 00:10:00Z  dns.consul       drifted           the name is missing
            2026-01-01 00:10:00Z  dns.consul       deploying

            """,
            table);
    }

    [Fact]
    public void A_workflow_is_its_steps_in_order()
    {
        var table = Show(WorkflowCommand.Show, """[{ "name": "default", "provider": "provider.docker", "steps": ["ipam.ipalloc", "lb.haproxy"] }]""");

        Assert.Equal("WORKFLOW  STEPS\ndefault   provider.docker → ipam.ipalloc → lb.haproxy\n", table);
    }

    [Fact]
    public void An_extension_that_is_not_connected_says_why()
    {
        var table = Show(ExtensionsCommand.Show, """
            [
              { "name": "dns.consul", "connected": true, "last_good": "2026-01-01T00:00:00Z", "waiting": 0, "orphans": ["a"] },
              { "name": "lb.haproxy", "connected": false, "reason": "Unreachable", "message": "no master socket", "waiting": 3, "orphans": [] }
            ]
            """);

        Assert.Equal(
            """
            EXTENSION   CONNECTED        WAITING  ORPHANS  LAST GOOD             REMARK
            dns.consul  yes              0        a        2026-01-01 00:00:00Z
            lb.haproxy  no: Unreachable  3                                       no master socket

            """,
            table);
    }

    [Fact]
    public void A_provider_shows_what_it_rejects_and_holds()
    {
        var table = Show(ProvidersCommand.Show, """
            [{
              "name": "provider.docker", "synced": true, "last_sync": "2026-01-01T00:00:00Z", "services": 2, "held_withdrawals": ["a", "b"],
              "rejections": [{ "subject": "container web-1", "problem": "publishes no port 80" }]
            }]
            """);

        Assert.Equal(
            """
            PROVIDER         IN STEP   SERVICES  LAST SYNC             REMARK
            provider.docker  yes       2         2026-01-01 00:00:00Z
                             held                                      a, b
                             rejected                                  container web-1: publishes no port 80

            """,
            table);
    }

    [Fact]
    public void An_escape_sequence_in_a_name_does_not_reach_the_terminal()
    {
        var table = Show(WorkflowCommand.Show, """[{ "name": "a\u001b[31mb", "provider": "p", "steps": [] }]""");

        Assert.DoesNotContain('\e', table);
    }

    private static string Show(Func<JsonElement, IRenderable> command, string json)
    {
        using var document = JsonDocument.Parse(json);
        return Screen.Plain(command(document.RootElement));
    }
}
