using Interlook.Extensions.Files;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Files;

/// <summary>The providers' kit: the platform is a folder, each service a file in it.</summary>
public sealed class FileProviderSpecification : ProviderSpecification
{
    private readonly TemporaryFolder folder = new();

    protected override string ProviderName => "provider.file";

    private string Services => folder.File("services");

    public override ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Services);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    protected override IProvider Create() => new FileProvider(
        new FilesOptions { Path = Services, UpdateInterval = TimeSpan.FromMilliseconds(100) }, TestContexts.Create("provider.file"));

    protected override Task PublishAsync(string name, string hostName) => File.WriteAllTextAsync(
        Place(name),
        $"name: '{name}'\nhosts: [{hostName}]\ntargets:\n  - host: 10.0.0.7\n    port: 80\n",
        Stopping);

    protected override Task RemoveAsync(string name)
    {
        File.Delete(Place(name));
        return Task.CompletedTask;
    }

    protected override async Task<string> PublishUnusableAsync(string name)
    {
        await File.WriteAllTextAsync(Place(name), $"name: {name}\nhosts: [", Stopping);
        return $"file {name}.yml";
    }

    protected override Task RemoveUnusableAsync(string name) => RemoveAsync(name);

    protected override Task StopPlatformAsync()
    {
        Directory.Move(Services, folder.File("away"));
        return Task.CompletedTask;
    }

    protected override Task StartPlatformAsync()
    {
        Directory.Move(folder.File("away"), Services);
        return Task.CompletedTask;
    }

    private string Place(string name) => Path.Combine(Services, $"{string.Concat(name.Where(char.IsAsciiLetterOrDigit))}.yml");
}
