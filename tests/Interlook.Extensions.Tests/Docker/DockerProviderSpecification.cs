using Interlook.Extensions.Docker;
using Interlook.Providers;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>What every provider must show, for <c>provider.docker</c> on the fake daemon.</summary>
public class DockerProviderSpecification : ProviderSpecification
{
    private readonly Dictionary<string, string> ids = [];
    private FakeDocker docker = null!;
    private int made;

    protected override string ProviderName => DockerExtensions.Docker;

    public override async ValueTask InitializeAsync() => docker = await FakeDocker.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await docker.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Settings besides the endpoint.</summary>
    protected virtual (string Key, string Text)[] Settings => [];

    protected override IProvider Create() =>
        new DockerProvider(DockerContext.Options(DockerOptions.Schema, [("endpoint", docker.Endpoint), .. Settings]), DockerContext.For(ProviderName));

    protected override Task PublishAsync(string name, string hostName)
    {
        Place(name, ("interlook.hosts", hostName), ("interlook.port", "80"), ("interlook.service", name));
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync(string name)
    {
        docker.Remove(ids[name]);
        return Task.CompletedTask;
    }

    protected override Task<string> PublishUnusableAsync(string name)
    {
        Place(name, ("interlook.hosts", "ok.example.org"), ("interlook.port", "http"));
        return Task.FromResult($"container {docker.Find(ids[name])!.Name}");
    }

    protected override Task RemoveUnusableAsync(string name) => RemoveAsync(name);

    protected override Task StopPlatformAsync() => docker.StopAsync();

    protected override Task StartPlatformAsync() => docker.StartAsync();

    private void Place(string name, params (string Key, string Value)[] labels)
    {
        var before = ids.GetValueOrDefault(name);
        var number = ++made;
        ids[name] = $"id{number}";
        docker.Put(new FakeContainer
        {
            Id = ids[name],
            Name = $"c{number}",
            Age = number,
            HostPort = 32768 + number,
            Labels = labels.ToDictionary(label => label.Key, label => label.Value),
        });
        if (before is not null)
            docker.Remove(before);
    }
}
