using System.Net;
using Interlook.Extensions.Files;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.Files;

public sealed class ServiceDocumentsTests
{
    [Fact]
    public void Every_key_is_read()
    {
        var (services, problems) = ServiceDocuments.Read(
            """
            name: shop                        # one document
            hosts: [shop.example.org, WWW.example.org.]
            targets:
              - host: 10.0.0.7
                port: 8081
                weight: 2                     # default 1
              - {host: "2001:DB8::7", port: 80}
              - {host: Backend.example.org, port: 80, weight: 0}
            tls: true
            ip: 192.168.99.10
            """,
            "provider.file");

        Assert.Empty(problems);
        Assert.Equal(
            new ServiceDefinition
            {
                Name = "shop",
                Provider = "provider.file",
                DnsNames = ["shop.example.org", "www.example.org"],
                Targets = [new Target("10.0.0.7", 8081, 2), new Target("2001:db8::7", 80), new Target("backend.example.org", 80, 0)],
                Tls = true,
                PublicIp = IPAddress.Parse("192.168.99.10"),
            },
            Assert.Single(services));
    }

    [Fact]
    public void A_file_may_hold_several_documents_and_leave_out_what_has_a_default()
    {
        var (services, problems) = ServiceDocuments.Read(
            "---\nname: a\nhosts: a.example.org\ntargets: []\nip:\n---\nname: b\nhosts:\n  - b\ntargets: [{host: h, port: 1}]\n", "provider.file");

        Assert.Empty(problems);
        Assert.Equal(["a", "b"], services.Select(service => service.Name));
        Assert.Equal(new Target("h", 1), Assert.Single(services[1].Targets));
    }

    [Theory]
    [InlineData("name: a\ntargets:\n  - host: h\n    prot: 80", 4, 5, "unknown key 'prot': did you mean 'port'?")]
    [InlineData("name: a\ntargets:\n  - host: h\n    prot: 80", 3, 5, "port is missing")]
    [InlineData("name: a\ntargets: []\nsomething: 1", 3, 1, "unknown key 'something': the keys are name, hosts, targets, tls, ip")]
    [InlineData("name: a\ntargets: [{host: h, port: 0}]", 2, 27, "port must be from 1 to 65535, not 0")]
    [InlineData("name: a\ntargets: [{host: h, port: 70000}]", 2, 27, "port must be from 1 to 65535, not 70000")]
    [InlineData("name: a\ntargets: [{host: h, port: http}]", 2, 27, "port must be a whole number, not 'http'")]
    [InlineData("name: a\ntargets: [{host: h, port: 80, weight: 257}]", 2, 39, "weight must be from 0 to 256")]
    [InlineData("name: a\ntargets: [{host: '[::1]', port: 80}]", 2, 18, "host must be written without brackets: ::1")]
    [InlineData("name: a\ntargets: [{host: 10.0.0.300, port: 80}]", 2, 18, "ends in a number, so it reads as an address")]
    [InlineData("name: a\ntargets: [{host: 010.0.0.3, port: 80}]", 2, 18, "ends in a number")]
    [InlineData("name: a\ntargets: [h:80]", 2, 11, "a target with the keys host, port and weight is expected here")]
    [InlineData("name: a\ntargets: h:80", 2, 10, "targets must be a list of host and port")]
    [InlineData("name: a", 1, 1, "targets is missing")]
    [InlineData("targets: []", 1, 1, "name is missing")]
    [InlineData("name:\ntargets: []", 1, 6, "name is missing")]
    [InlineData("name: ' a'\ntargets: []", 1, 7, "the name begins or ends with a space")]
    [InlineData("name: [a]\ntargets: []", 1, 7, "name must be a single value")]
    [InlineData("name: a\nhosts: [under_score.example.org]\ntargets: []", 2, 9, "has a label with other characters")]
    [InlineData("name: a\nhosts: {a: b}\ntargets: []", 2, 8, "hosts must be a list of host names")]
    [InlineData("name: a\nhosts: [[b]]\ntargets: []", 2, 9, "hosts must be a list of host names")]
    [InlineData("name: a\ntls: perhaps\ntargets: []", 2, 6, "tls must be true or false")]
    [InlineData("name: a\nip: 10.0.0\ntargets: []", 2, 5, "ip is not an IP address")]
    [InlineData("name: a\nname: b\ntargets: []", 2, 1, "is not valid YAML")]
    [InlineData("name: a\nNAME: b\ntargets: []", 2, 1, "key 'NAME' is there twice")]
    [InlineData("name: a\ntargets: [", 3, 1, "is not valid YAML")]
    [InlineData("name: a\n\ttargets: []", 1, 7, "is not valid YAML")]
    [InlineData("name: &n a\nhosts: [*n]\ntargets: []", 2, 9, "aliases are not allowed here")]
    [InlineData("name: a\nhosts: [[[[[[[[[[[[[[[[[[[[[[b", 2, 21, "nested more than 16 levels deep")]
    [InlineData("name: a\ntargets: []\n---\nname: a\ntargets: []", 4, 1, "service 'a' is in this file twice")]
    [InlineData("- a", 1, 1, "a service with the keys")]
    [InlineData("just text", 1, 1, "a service with the keys")]
    [InlineData("", 1, 1, "the file holds no service")]
    [InlineData("# only a remark\n", 1, 1, "the file holds no service")]
    public void A_problem_has_its_line_and_column(string text, int line, int column, string expected)
    {
        var (_, problems) = ServiceDocuments.Read(text, "provider.file");

        Assert.Contains(problems, problem => problem.Message.Contains(expected, StringComparison.Ordinal) && (problem.Line, problem.Column) == (line, column));
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var (_, problems) = ServiceDocuments.Read("name: a\ntls: 7\nip: x\ntargets: [{host: h, port: 0}, {port: 1}]", "provider.file");

        Assert.Equal(4, problems.Count);
    }
}
