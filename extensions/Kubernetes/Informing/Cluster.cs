using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>One cluster: its server, and what is watched of it, from its making until it is disposed. Safe for concurrent use.</summary>
internal sealed class Cluster : ICluster, IAsyncDisposable
{
    private readonly CancellationTokenSource life = new();
    private readonly Informer<Service> services;
    private readonly Informer<EndpointSlice> slices;
    private readonly Informer<Node> nodes;
    private readonly Task running;

    /// <param name="access">Where the server is and who we are.</param>
    /// <param name="watched">What is watched.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    internal Cluster(ClusterAccess access, WatchedPart watched, ExtensionContext context)
    {
        Api = new ApiServer(access, context.Time, context.IsReadOnly);
        var versions = new GroupVersions(Api.Transport);
        var logger = context.Loggers.CreateLogger<Cluster>();
        services = Inform(Api.Kinds.Services, watched.LabelSelector, watched.Namespaces, _ => Task.FromResult(Api.Kinds.Services));
        slices = Inform(Api.Kinds.Slices("v1"), "", watched.Namespaces, async stopping =>
            Api.Kinds.Slices(await versions.ChooseAsync(ResourceKinds.Discovery, ["v1", "v1beta1"], stopping)));
        nodes = Inform(Api.Kinds.Nodes, "", [], _ => Task.FromResult(Api.Kinds.Nodes));
        running = Task.WhenAll(services.RunAsync(life.Token), slices.RunAsync(life.Token), nodes.RunAsync(life.Token));

        Informer<T> Inform<T>(ResourceKind<T> kind, string selector, IReadOnlyList<string> scopes, Func<CancellationToken, Task<ResourceKind<T>>> chooseAsync)
            where T : KubernetesObject =>
            new(
                new ObjectSource<T>(Api, kind.Plural, selector, chooseAsync), scopes, new ContentComparison<T>(kind.Json), watched.ResyncInterval,
                context.Time, context.Random, logger);
    }

    /// <summary>The calls of its server.</summary>
    internal ApiServer Api { get; }

    /// <inheritdoc/>
    public string Server => Api.Server;

    /// <inheritdoc/>
    public IInformer<Service> Services => services;

    /// <inheritdoc/>
    public IInformer<EndpointSlice> Slices => slices;

    /// <inheritdoc/>
    public IInformer<Node> Nodes => nodes;

    /// <summary>Objects that cannot be read now.</summary>
    internal int BrokenObjects => services.BrokenObjects + slices.BrokenObjects + nodes.BrokenObjects;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await running;
        Api.Dispose();
        life.Dispose();
    }
}
