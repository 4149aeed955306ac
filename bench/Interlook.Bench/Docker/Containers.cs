using System.Net.Sockets;
using Interlook.Fixtures;

namespace Interlook.Bench.Docker;

/// <summary>Containers of a bench: made beforehand, started one by one through the API, for the command line's start takes longer than theirs.</summary>
internal static class Containers
{
    /// <summary>Makes containers on the default bridge that wait.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="names">Their names.</param>
    /// <param name="labels">The labels of a container, as JSON.</param>
    public static void Create(DockerEngine engine, IEnumerable<string> names, Func<string, string> labels)
    {
        using var daemon = Connect(engine);
        foreach (var name in names)
        {
            daemon.Ask(
                "POST",
                $"/containers/create?name={name}",
                $$$"""{"Image":"{{{DockerEngine.Image}}}","Cmd":["sleep","3600"],"StopSignal":"SIGKILL","Labels":{{{labels(name)}}}}""");
        }
    }

    /// <summary>The labels that publish a container's port 80 under a name of its own.</summary>
    public static string Published(string name) => $$"""{"interlook.hosts":"{{name}}.example.org","interlook.port":"80"}""";

    public static RawHttp Connect(DockerEngine engine) => new(new UnixDomainSocketEndPoint(engine.SocketPath));

    /// <summary>Ends a container at once.</summary>
    public static void Kill(RawHttp daemon, string name) => daemon.Ask("POST", $"/containers/{name}/kill");

    public static void Start(RawHttp daemon, string name) => daemon.Ask("POST", $"/containers/{name}/start");
}
