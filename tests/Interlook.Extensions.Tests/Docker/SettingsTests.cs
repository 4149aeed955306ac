using Interlook.Configuration;
using Interlook.Extensions.Docker;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>The settings of both providers.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void The_configuration_of_the_earlier_system_is_understood()
    {
        var options = DockerContext.Options(
            DockerOptions.Schema,
            ("name", "myDocker"), ("endpoint", "unix:///var/run/docker.sock"), ("labelSelector", "interlook.host"), ("tlsCa", "path/to/ca"),
            ("tlsCert", "path/to/cert"), ("tlsKey", "path/to/key"), ("Watch", "true"), ("WatchInterval", "10s"), ("updateInterval", "15s"));

        Assert.Empty(DockerOptions.Schema.Check(options));
        Assert.Equal("/var/run/docker.sock", options.Endpoint.SocketPath);
        Assert.True(options.LabelSelector.Matches(new Dictionary<string, string> { ["interlook.hosts"] = "a.example.org" }));
        Assert.False(options.IsEncrypted);
    }

    [Theory]
    [InlineData("endpoint", "docker.sock", "must be unix:///path or tcp://host:port, not 'docker.sock'")]
    [InlineData("endpoint", "unix://", "must name a socket by its full path, such as unix:///var/run/docker.sock, not 'unix://'")]
    [InlineData("endpoint", "unix://relative", "must name a socket by its full path, such as unix:///var/run/docker.sock, not 'unix://relative'")]
    [InlineData("endpoint", "ssh://host", "must be unix:///path or tcp://host:port, not 'ssh://host'")]
    [InlineData("endpoint", "tcp://user@host:1", "must hold a host and a port only, neither user nor query")]
    [InlineData("updateInterval", "15x", "must be a length of time such as 5s, 10m or 1h30m, not '15x'")]
    [InlineData("updateInterval", "0", "must be from 1s to 24h, not 0")]
    [InlineData("watch", "perhaps", "must be true or false, not 'perhaps'")]
    [InlineData("hostAddress", "0.0.0.0", "must be an address that can be reached, not '0.0.0.0'")]
    [InlineData("hostAddress", "a b", null)]
    [InlineData("hostAddress", "10.77.66", "must be an address that can be reached, not '10.77.66'")]
    [InlineData("host", "010.0.0.1", "must be an address that can be reached, not '010.0.0.1'")]
    [InlineData("host", "fe80::1%1", "must be an address that can be reached, not 'fe80::1%1'")]
    [InlineData("labelSelector", "=x", "holds an empty item; write a label as key or key=value")]
    public void What_cannot_be_meant_is_refused(string key, string text, string? problem)
    {
        var setting = DockerOptions.Schema.Find(key)!;

        var said = setting.Assign(new DockerOptions(), [text]);

        Assert.NotNull(said);
        if (problem is not null)
            Assert.Equal(problem, said);
    }

    [Fact]
    public void A_certificate_needs_its_key_and_the_key_its_certificate()
    {
        var withoutKey = DockerContext.Options(DockerOptions.Schema, ("endpoint", "tcp://h:1"), ("tlsCert", "/dev/null"));
        var withoutCertificate = DockerContext.Options(SwarmOptions.Schema, ("endpoint", "tcp://h:1"), ("tlsKey", "/dev/null"));

        Assert.Equal([new SettingProblem("tlsCert", "needs tlsKey, the key it belongs to")], DockerOptions.Schema.Check(withoutKey));
        Assert.Equal([new SettingProblem("tlsKey", "needs tlsCert, the certificate it belongs to")], SwarmOptions.Schema.Check(withoutCertificate));
    }

    [Theory]
    [InlineData("tcp://docker.example.net", false, "http://docker.example.net:2375/")]
    [InlineData("tcp://docker.example.net", true, "https://docker.example.net:2376/")]
    [InlineData("tcp://docker.example.net:443", true, "https://docker.example.net/")]
    [InlineData("https://docker.example.net", true, "https://docker.example.net/")]
    [InlineData("http://docker.example.net", false, "http://docker.example.net/")]
    [InlineData("tcp://[2001:db8::1]:2375", false, "http://[2001:db8::1]:2375/")]
    [InlineData("tcp://docker.example.net:2375/base/", false, "http://docker.example.net:2375/base")]
    [InlineData("unix:///run/docker.sock", false, "http://docker/")]
    public void An_endpoint_becomes_the_address_of_requests(string endpoint, bool encrypted, string address) =>
        Assert.Equal(address, DockerEndpoint.Read(endpoint).BaseAddress(encrypted).AbsoluteUri);

    [Theory]
    [InlineData("unix:///run/docker.sock", true)]
    [InlineData("tcp://localhost:2375", true)]
    [InlineData("tcp://127.0.0.5:2375", true)]
    [InlineData("tcp://[::1]:2375", true)]
    [InlineData("tcp://10.0.0.1:2375", false)]
    [InlineData("tcp://docker.example.net", false)]
    public void Only_a_daemon_of_this_machine_is_local(string endpoint, bool isLocal) => Assert.Equal(isLocal, DockerEndpoint.Read(endpoint).IsLocal);

    [Fact]
    public void Both_extensions_are_in_the_catalog()
    {
        var catalog = ExtensionCatalog.Empty.AddDocker();

        Assert.Equal(["provider.docker", "provider.swarm"], catalog.All.Select(descriptor => descriptor.Name));
        Assert.All(catalog.All, descriptor => Assert.IsAssignableFrom<IExtension>(descriptor.Create(descriptor.Schema.CreateOptions(), DockerContext.For(descriptor.Name))));
    }
}
