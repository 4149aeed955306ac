namespace Interlook.Extensions.Docker;

/// <summary>The extensions for Docker: <c>provider.docker</c> and <c>provider.swarm</c>.</summary>
public static class DockerExtensions
{
    /// <summary>The provider for the containers of one Docker daemon.</summary>
    public const string Docker = "provider.docker";

    /// <summary>The provider for the services of a Swarm.</summary>
    public const string Swarm = "provider.swarm";

    /// <summary>Adds both.</summary>
    public static ExtensionCatalog AddDocker(this ExtensionCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .Add(Docker, DockerOptions.Schema, (options, context) => new DockerProvider(options, context))
            .Add(Swarm, SwarmOptions.Schema, (options, context) => new SwarmProvider(options, context));
    }
}
