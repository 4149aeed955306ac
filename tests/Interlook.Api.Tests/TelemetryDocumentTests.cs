using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Interlook.Api.Exposition;
using Interlook.Engine.Telemetry;
using Xunit;

namespace Interlook.Api.Tests;

public sealed class TelemetryDocumentTests
{
    /// <summary>The tags of each instrument; an instrument does not tell them before it is used.</summary>
    private static readonly Dictionary<string, string> Tags = new()
    {
        ["interlook.step.duration"] = "`action`, `step`",
        ["interlook.step.errors"] = "`reason`, `step`",
        ["interlook.provider.events"] = "`kind`, `provider`",
        ["interlook.provider.errors"] = "`provider`, `reason`",
        ["interlook.entries"] = "`expected`, `state`, `workflow`",
        ["interlook.queue.depth"] = "`step`",
        ["interlook.provider.sync.age"] = "`provider`",
        ["interlook.provider.held_withdrawals"] = "`provider`",
        ["interlook.provider.rejections"] = "`provider`",
        ["interlook.extension.connected"] = "`extension`",
    };

    /// <summary>What <c>lb.embedded</c> measures; these tests see no extension.</summary>
    private static readonly (string Name, string Row)[] FromBalancer =
    [
        Balancer("connect_failures_total", "counter", "`extension`, `service`, `target`", "Attempts to connect to a target that failed."),
        Balancer("connections_open", "gauge", "`extension`, `service`, `target`", "Connections to a target that are open."),
        Balancer("connections_total", "counter", "`extension`, `service`, `target`", "Connections made to a target."),
        Balancer("received_bytes_total", "counter", "`extension`, `service`, `target`", "Bytes that clients sent to a target."),
        Balancer("refused_total", "counter", "`extension`, `service`", "Connections that were closed for want of a healthy target."),
        Balancer("sent_bytes_total", "counter", "`extension`, `service`, `target`", "Bytes that a target sent to clients."),
        Balancer("target_healthy", "gauge", "`extension`, `service`, `target`", "1 while a target gets traffic, 0 while it is unhealthy or draining."),
    ];

    [Fact]
    public void The_committed_list_of_metrics_is_the_one_that_is_measured()
    {
        var engine = new FakeEngine();
        using var instruments = new EngineInstruments(engine, TimeProvider.System);
        using var process = new ProcessInstruments(engine);

        var found = Instruments(engine);

        Golden.Matches("telemetry.md", Document(found));
    }

    private static List<Instrument> Instruments(object scope)
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == EngineInstruments.MeterName && ReferenceEquals(instrument.Meter.Scope, scope))
                    found.Add(instrument);
            },
        };
        listener.Start();
        return found;
    }

    private static string Document(IEnumerable<Instrument> instruments)
    {
        var text = new StringBuilder(
            """
            # Telemetry

            GET /metrics shows these metrics in the Prometheus text format, version 0.0.4. Names and labels are a contract: they change only
            with a note in the changelog. This list is written by a test from the instruments themselves (`INTERLOOK_WRITE_GOLDEN=1`).

            | metric | type | labels | meaning |
            | --- | --- | --- | --- |

            """);
        var rows = instruments
            .Select(instrument => (Instrument: instrument, Family: MetricFamily.For(instrument)!))
            .Select(each => (each.Family.Name, Row: Row(each.Instrument, each.Family)))
            .Concat(FromBalancer)
            .Append((Name: "interlook_pool_addresses", Row: "| `interlook_pool_addresses` | gauge | `extension`, `state` | Addresses of a pool by state; from the address step that keeps the pool. |"))
            .Append((Name: "interlook_dns_queries_total", Row: "| `interlook_dns_queries_total` | counter | `extension`, `rcode`, `transport` | Queries answered, by code and transport; from the embedded DNS. |"))
            .OrderBy(row => row.Name, StringComparer.Ordinal);
        foreach (var (_, row) in rows)
            text.Append(row).Append('\n');
        text.Append(
            """

            Labels: `step` and `extension` are names as in the workflow (`lb.haproxy`), `provider` too (`provider.docker`); `action` is `deploy`,
            `undeploy` or `observe`; `kind` is `snapshot`, `published`, `withdrawn` or `rejections`; `reason` is one of
            """);
        text.Append('\n').AppendJoin(", ", Enum.GetNames<Extensions.Reason>().Select(reason => $"`{reason}`")).Append(
            """
            ;
            `state` is the step an entry stands at, `deployed` or `undeployed`; `expected` is `deployed` or `undeployed`.

            ## Worth an alert

            | when | expression |
            | --- | --- |
            | an extension has lost its system | `interlook_extension_connected == 0` for 2 minutes |
            | services do not get on | `sum(interlook_entries{expected="deployed",state!="deployed"}) > 0` for 10 minutes |
            | a provider no longer follows its platform | `interlook_provider_sync_age_seconds > 3600`, or three times its own resync interval |
            | withdrawals wait for a decision | `interlook_provider_held_withdrawals > 0` |
            | something asks for publication in vain | `interlook_provider_rejections > 0` for 10 minutes |
            | a step fails again and again | `rate(interlook_step_errors_total[5m]) > 0.1` for 10 minutes |

            """);
        return text.ToString();
    }

    private static (string Name, string Row) Balancer(string name, string kind, string labels, string meaning) =>
        ($"interlook_balancer_{name}", $"| `interlook_balancer_{name}` | {kind} | {labels} | {meaning} |");

    private static string Row(Instrument instrument, MetricFamily family) => string.Create(
        CultureInfo.InvariantCulture,
        $"| `{family.Name}` | {family.Kind.ToString().ToLowerInvariant()} | {Tags.GetValueOrDefault(instrument.Name, "none")} | {instrument.Description} |");
}
