using Interlook.Extensions;
using Interlook.Extensions.Docker;
using Interlook.Extensions.HAProxy;

namespace Interlook.Host;

/// <summary>The extensions this executable contains. A new one is one line here; nothing is scanned.</summary>
internal static class BuiltInExtensions
{
    internal static ExtensionCatalog Catalog { get; } = ExtensionCatalog.Empty
        .AddDocker() // provider.docker, provider.swarm
        .AddHAProxy(); // lb.haproxy
}
