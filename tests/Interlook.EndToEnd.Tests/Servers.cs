using Interlook.Fixtures;

namespace Interlook.EndToEnd.Tests;

/// <summary>The Docker Engine and the Consul that all tests share. They start with the first test, so that a machine without them skips.</summary>
public sealed class Servers : IAsyncDisposable
{
    private DockerEngine? docker;

    /// <summary>The Docker Engine.</summary>
    public DockerEngine Docker => docker ?? throw new InvalidOperationException("the servers were not started");

    /// <summary>Consul.</summary>
    public ConsulAgent Consul { get; } = new();

    /// <summary>Starts what does not run yet.</summary>
    public async Task StartAsync()
    {
        TestMachine.Require("curl");
        TestMachine.Require("dig");
        await Consul.StartAsync();
        docker ??= await DockerEngine.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (docker is not null)
            await docker.DisposeAsync();
        await Consul.DisposeAsync();
    }
}
