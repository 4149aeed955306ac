using Interlook.Extensions.Docker;
using Interlook.Providers;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>What every provider must show, for <c>provider.swarm</c> on the fake daemon.</summary>
public sealed class SwarmProviderSpecification : ProviderSpecification
{
    private FakeDocker docker = null!;
    private FakeSwarm swarm = null!;

    protected override string ProviderName => DockerExtensions.Swarm;

    public override async ValueTask InitializeAsync()
    {
        docker = await FakeDocker.StartAsync();
        swarm = new FakeSwarm(docker);
        swarm.Begin();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await docker.DisposeAsync();
    }

    protected override IProvider Create() =>
        new SwarmProvider(DockerContext.Options(SwarmOptions.Schema, ("endpoint", docker.Endpoint)), DockerContext.For(ProviderName));

    protected override Task PublishAsync(string name, string hostName)
    {
        swarm.Put(name, ("interlook.hosts", hostName), ("interlook.port", "80"), ("interlook.service", name));
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        swarm.Remove(name);
        return Task.CompletedTask;
    }

    protected override Task<string> PublishUnusableAsync(string name)
    {
        swarm.Put(name, ("interlook.hosts", "ok.example.org"), ("interlook.port", "http"));
        return Task.FromResult(swarm.SubjectOf(name));
    }

    protected override Task RemoveUnusableAsync(string name) => RemoveAsync(name);

    protected override Task StopPlatformAsync() => docker.StopAsync();

    protected override Task StartPlatformAsync() => docker.StartAsync();
}
