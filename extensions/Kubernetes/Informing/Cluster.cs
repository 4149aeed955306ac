using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>
/// One cluster: its server, and what is watched of it. Each kind is followed from when it is first asked for, so what nobody needs needs no right,
/// and until this is disposed. Safe for concurrent use.
/// </summary>
internal sealed class Cluster : ICluster, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource life = new();
    private readonly CancellationToken ended;
    private readonly List<Task> running = [];
    private readonly Lazy<Informer<Service>> services;
    private readonly Lazy<Informer<EndpointSlice>> slices;
    private readonly Lazy<Informer<Node>> nodes;

    /// <param name="access">Where the server is and who we are.</param>
    /// <param name="watched">What is watched.</param>
    /// <param name="context">Clock, chance, loggers.</param>
    internal Cluster(ClusterAccess access, WatchedPart watched, ExtensionContext context)
    {
        Space = watched.Namespaces.FirstOrDefault("default"); // which every cluster has
        Api = new ApiServer(access, context.Time, context.IsReadOnly);
        ended = life.Token;
        var versions = new GroupVersions(Api.Transport);
        var logger = context.Loggers.CreateLogger<Cluster>();
        services = Follow(Api.Kinds.Services, watched.LabelSelector, watched.Namespaces, _ => Task.FromResult(Api.Kinds.Services));
        slices = Follow(Api.Kinds.Slices("v1"), "", watched.Namespaces, async stopping =>
            Api.Kinds.Slices(await versions.ChooseAsync(ResourceKinds.Discovery, ["v1", "v1beta1"], stopping)));
        nodes = Follow(Api.Kinds.Nodes, "", [], _ => Task.FromResult(Api.Kinds.Nodes));

        Lazy<Informer<T>> Follow<T>(
            ResourceKind<T> kind, string selector, IReadOnlyList<string> scopes, Func<CancellationToken, Task<ResourceKind<T>>> chooseAsync)
            where T : KubernetesObject =>
            new(() => Begin(new Informer<T>(
                new ObjectSource<T>(Api, kind.Plural, selector, chooseAsync), scopes, new ContentComparison<T>(kind.Json), watched.ResyncInterval,
                context.Time, context.Random, logger)));
    }

    /// <summary>The calls of its server.</summary>
    internal ApiServer Api { get; }

    /// <inheritdoc/>
    public string Server => Api.Server;

    /// <inheritdoc/>
    public string Space { get; }

    /// <inheritdoc/>
    public IInformer<Service> Services => services.Value;

    /// <inheritdoc/>
    public IInformer<EndpointSlice> Slices => slices.Value;

    /// <inheritdoc/>
    public IInformer<Node> Nodes => nodes.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        Task all;
        lock (gate)
            all = Task.WhenAll(running);
        await all;
        Api.Dispose();
        life.Dispose();
    }

    private Informer<T> Begin<T>(Informer<T> informer)
        where T : KubernetesObject
    {
        lock (gate)
            running.Add(informer.RunAsync(ended));
        return informer;
    }
}
