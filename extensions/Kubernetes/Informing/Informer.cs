using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Kubernetes.Informing;

/// <summary>
/// The cache of one kind, filled by a pump for each namespace that is watched, or by one for all. Readers see immutable snapshots; the pumps
/// take turns in writing. Safe for concurrent use.
/// </summary>
internal sealed class Informer<T> : IInformer<T>
    where T : KubernetesObject
{
    private readonly Lock gate = new();
    private readonly IObjectSource<T> source;
    private readonly ContentComparison<T> comparison;
    private readonly IReadOnlyList<string> scopes;
    private readonly ImmutableArray<Pump<T>> pumps;
    private readonly HashSet<Pump<T>> listed = [];
    private ImmutableDictionary<ObjectName, T> objects = ImmutableDictionary<ObjectName, T>.Empty;
    private ImmutableArray<ChangeReader<T>> readers = [];
    private volatile ObjectCache<T>? latest;

    /// <param name="source">Where the objects are.</param>
    /// <param name="scopes">The namespaces; none is all.</param>
    /// <param name="comparison">Says what is a change.</param>
    /// <param name="resyncInterval">How often all is listed anew, to repair what a watch missed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads the ends of watches and the waits.</param>
    /// <param name="logger">Says when the server goes away and comes back.</param>
    internal Informer(
        IObjectSource<T> source, IReadOnlyList<string> scopes, ContentComparison<T> comparison, TimeSpan resyncInterval, TimeProvider time,
        Random random, ILogger logger)
    {
        (this.source, this.scopes, this.comparison) = (source, scopes, comparison);
        pumps = [.. (scopes.Count == 0 ? [""] : scopes).Select(scope => new Pump<T>(this, source, scope, resyncInterval, time, random, logger))];
    }

    /// <inheritdoc/>
    public ObjectCache<T>? Latest => latest;

    /// <inheritdoc/>
    public ExtensionException? Failure => pumps.Select(pump => pump.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>Objects that cannot be read now; what was read of them last still counts.</summary>
    internal int BrokenObjects => pumps.Sum(pump => pump.BrokenObjects);

    /// <summary>Follows the server until <paramref name="stopping"/> is cancelled.</summary>
    internal Task RunAsync(CancellationToken stopping) => Task.WhenAll(pumps.Select(pump => pump.RunAsync(stopping)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<CacheChange<T>> FollowAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var reader = new ChangeReader<T>();
        lock (gate)
        {
            readers = readers.Add(reader);
            if (latest is { } known)
                reader.Tell(known, []);
        }
        try
        {
            while (true)
                yield return await reader.NextAsync(stopping);
        }
        finally
        {
            lock (gate)
                readers = readers.Remove(reader);
        }
    }

    /// <inheritdoc/>
    public bool MayOmit(ObjectName name) => source.IsSelective || (scopes.Count > 0 && !scopes.Contains(name.Namespace, StringComparer.Ordinal));

    /// <inheritdoc/>
    public Task<T?> ReadAsync(ObjectName name, CancellationToken stopping) => source.ReadAsync(name, stopping);

    /// <summary>Takes what a watch told, in its order.</summary>
    /// <param name="present">What is there now; null for what is gone.</param>
    internal void Take(List<KeyValuePair<ObjectName, T?>> present)
    {
        lock (gate)
        {
            var changed = new HashSet<ObjectName>(present.Count);
            var builder = objects.ToBuilder();
            foreach (var (name, value) in present)
                Put(builder, name, value, changed);
            Publish(builder, changed);
        }
    }

    /// <summary>Takes a whole list of a scope: what is not in it is gone.</summary>
    /// <param name="pump">Whose list it is.</param>
    /// <param name="list">The list.</param>
    /// <param name="scope">Its namespace; empty for all.</param>
    internal void TakeAll(Pump<T> pump, ObjectList<T> list, string scope)
    {
        lock (gate)
        {
            var changed = new HashSet<ObjectName>();
            var builder = objects.ToBuilder();
            var there = new HashSet<ObjectName>(list.Objects.Length);
            foreach (var value in list.Objects)
            {
                there.Add(value.Name);
                Put(builder, value.Name, value, changed);
            }
            there.UnionWith(list.Broken.Select(broken => broken.Name)); // they are there: what was read of them last still counts
            foreach (var name in objects.Keys)
            {
                if ((scope == "" || name.Namespace == scope) && !there.Contains(name))
                    Put(builder, name, null, changed);
            }
            listed.Add(pump);
            Publish(builder, changed);
        }
    }

    /// <summary>True when a list of a scope shows exactly what is known, version by version.</summary>
    internal bool IsSame(ObjectList<T> list, string scope)
    {
        lock (gate)
        {
            return list.Broken.IsEmpty
                && list.Objects.Length == (scope == "" ? objects.Count : objects.Keys.Count(name => name.Namespace == scope))
                && list.Objects.All(value => objects.GetValueOrDefault(value.Name)?.Metadata.ResourceVersion == value.Metadata.ResourceVersion);
        }
    }

    private void Put(ImmutableDictionary<ObjectName, T>.Builder builder, ObjectName name, T? value, HashSet<ObjectName> changed)
    {
        var known = builder.GetValueOrDefault(name);
        if (value is null)
        {
            if (builder.Remove(name))
                changed.Add(name);
            return;
        }
        if (known is null || !comparison.AreSame(known, value))
            changed.Add(name);
        else if (known.Metadata.ResourceVersion == value.Metadata.ResourceVersion)
            return;
        // The texts of its name stay the first ones: they are also the keys of what is made of it.
        builder[name] = known is null ? value : value with { Metadata = value.Metadata with { Namespace = known.Metadata.Namespace, Name = known.Metadata.Name } };
    }

    /// <summary>Nothing is shown before every scope was listed once: a part would look like the whole.</summary>
    private void Publish(ImmutableDictionary<ObjectName, T>.Builder builder, HashSet<ObjectName> changed)
    {
        objects = builder.ToImmutable();
        if (listed.Count < pumps.Length)
            return;
        var isFirst = latest is null;
        latest = new(objects);
        if (!isFirst && changed.Count == 0)
            return;
        foreach (var reader in readers)
            reader.Tell(latest, changed);
    }
}
