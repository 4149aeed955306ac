using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Xunit;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>Which port of a Service gets the traffic.</summary>
public sealed class PortChoiceTests
{
    /// <summary>Ports are written as <c>name:port:target:nodePort:protocol</c>, everything but the port may be left out.</summary>
    [Theory]
    [InlineData("80", ":80", "80")] // the number of the Service's port
    [InlineData("8080", ":80:8080", "80")] // of the pods' port
    [InlineData("30080", ":80:8080:30080", "80")] // of the node port
    [InlineData("8080", "a:8080:9090 b:80:8080", "8080")] // the Service's own number comes first
    [InlineData("9090", "a:8080:9090 b:9090:7070", "9090")]
    [InlineData("30001", "a:80::30001 b:81:30001:30002", "81")] // the pods' before the nodes'
    [InlineData("web", "web:80 admin:81", "80")] // a name
    [InlineData("web", "a:80:web b:81:admin", "80")] // the name of the pods' port, as the earliest version had it
    [InlineData(" 80 ", ":80", "80")]
    [InlineData("53", "udp:53:::UDP tcp:53", "53")]
    public void A_written_port_means_the_one_it_fits(string written, string ports, string chosen)
    {
        var port = PortChoice.Written(Ports(ports), written, "label interlook.port");

        Assert.Equal(chosen, port.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(PortChoice.IsTcp(port));
    }

    [Theory]
    [InlineData("82", "web:80 admin:81", "says '82', and the Service has no such port (web 80, admin 81)")]
    [InlineData("nope", "web:80", "says 'nope', and the Service has no such port (web 80)")]
    [InlineData("80", "", "says '80', and the Service has no such port (it has none)")]
    [InlineData("8080", "a:80:8080 b:81:8080", "may mean a 80, b 81")] // two ports of the Service with one of the pods
    [InlineData("53", "dns:53:::UDP", "means dns 53/UDP, and only TCP can be published")]
    [InlineData("0", ":80", "must be from 1 to 65535")]
    [InlineData("080", ":80", "write 80")]
    [InlineData("99999999999999999999", ":80", "must be a whole number")]
    [InlineData("", ":80", "is empty")]
    public void A_written_port_that_fits_none_is_refused_with_those_there_are(string written, string ports, string problem)
    {
        var refusal = Assert.Throws<FormatException>(() => PortChoice.Written(Ports(ports), written, "label interlook.port"));

        Assert.StartsWith("label interlook.port ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, ":9000", 9000)] // the only one
    [InlineData(false, null, "dns:53:::UDP dns-tcp:5353", 5353)] // the only one for TCP
    [InlineData(true, null, "metrics:9100 http:8080", 8080)]
    [InlineData(true, null, "metrics:9100 web:8080", 8080)]
    [InlineData(true, null, "a:9100 b:80", 80)]
    [InlineData(true, null, "a:9100 b:443", 443)]
    [InlineData(true, null, "https:443 http:80", 80)]
    [InlineData(true, null, "websecure:8443 a:1", 8443)]
    [InlineData(true, null, "b:80 http:8080", 8080)] // a name says more than a number
    [InlineData(true, true, "https:443 http:80", 443)]
    [InlineData(true, false, "https:443 http:80", 80)]
    public void Without_a_written_port_the_only_one_counts_or_one_of_the_web(bool mayGuess, bool? isTls, string ports, int chosen) =>
        Assert.Equal(chosen, PortChoice.Unwritten(Ports(ports), mayGuess, isTls).Port);

    [Theory]
    [InlineData(false, null, "http:80 admin:81", "several ports (http 80, admin 81)")]
    [InlineData(true, null, "a:8080 b:8081", "several ports (a 8080, b 8081)")]
    [InlineData(true, false, "https:443 a:8081", "several ports (https 443, a 8081)")]
    [InlineData(true, null, "dns:53:::UDP sip:5060:::SCTP", "no port for TCP, only dns 53/UDP, sip 5060/SCTP")]
    [InlineData(true, null, "", "has no port")]
    public void Without_a_written_port_it_must_be_clear(bool mayGuess, bool? isTls, string ports, string problem)
    {
        var refusal = Assert.Throws<FormatException>(() => PortChoice.Unwritten(Ports(ports), mayGuess, isTls));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    private static ServiceSpec Ports(string text) => new()
    {
        Ports = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => Read(one.Split(':')))],
    };

    private static ServicePort Read(string[] parts)
    {
        string? At(int index) => index < parts.Length && parts[index] != "" ? parts[index] : null;
        return PortOf(
            int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(At(3) ?? "0", System.Globalization.CultureInfo.InvariantCulture),
            parts[0],
            At(4) ?? "TCP",
            At(2));
    }
}
