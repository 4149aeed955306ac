using System.Diagnostics.CodeAnalysis;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>One real Docker Engine for the tests of a collection, started by the first that needs it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it asynchronously.")]
public sealed class SharedDockerEngine : IAsyncDisposable
{
    internal const string Collection = "Docker Engine";

    private Task<DockerEngine>? starting;

    internal Task<DockerEngine> StartedAsync() => starting ??= DockerEngine.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (starting is { IsCompletedSuccessfully: true })
            await (await starting).DisposeAsync();
    }
}

/// <summary>The tests that share the engine, one after the other.</summary>
[CollectionDefinition(SharedDockerEngine.Collection)]
public sealed class DockerEngineTests : ICollectionFixture<SharedDockerEngine>;
