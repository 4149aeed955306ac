using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>An informer without a server: what a test puts is seen at once, and readers that are slow get it joined.</summary>
internal sealed class MemoryInformer<T> : IInformer<T>
    where T : KubernetesObject
{
    private readonly Lock gate = new();
    private readonly List<Reader> readers = [];
    private readonly HashSet<ObjectName> hidden = [];
    private ObjectCache<T> server = new(ImmutableDictionary<ObjectName, T>.Empty);

    public ObjectCache<T>? Latest { get; private set; } = new(ImmutableDictionary<ObjectName, T>.Empty);

    public ExtensionException? Failure { get; private set; }

    /// <summary>How many follow now.</summary>
    internal int Readers
    {
        get
        {
            lock (gate)
                return readers.Count;
        }
    }

    public async IAsyncEnumerable<CacheChange<T>> FollowAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        var reader = new Reader();
        lock (gate)
        {
            readers.Add(reader);
            if (Latest is not null)
                reader.Tell(null);
        }
        try
        {
            while (true)
            {
                await reader.Told.WaitAsync(stopping);
                CacheChange<T> change;
                lock (gate)
                    change = new(Latest!, reader.Take());
                yield return change;
            }
        }
        finally
        {
            lock (gate)
                readers.Remove(reader);
        }
    }

    public bool MayOmit(ObjectName name) => hidden.Contains(name);

    public Task<T?> ReadAsync(ObjectName name, CancellationToken stopping) =>
        Failure is { } failure ? Task.FromException<T?>(failure) : Task.FromResult(server.Find(name));

    internal void Put(params IEnumerable<T> objects) => Change(objects.Select(one => (one.Name, (T?)one)));

    internal void Remove(params IEnumerable<ObjectName> names) => Change(names.Select(name => (name, (T?)null)));

    /// <summary>Shows everything anew, as after a list.</summary>
    internal void Relist(params IEnumerable<T> objects)
    {
        lock (gate)
        {
            server = new(objects.ToImmutableDictionary(one => one.Name));
            Show(null);
        }
    }

    /// <summary>Lets something be there, or be gone, that is not seen yet.</summary>
    internal void ChangeUnseen(ObjectName name, T? one)
    {
        lock (gate)
            server = new(one is null ? server.Objects.Remove(name) : server.Objects.SetItem(name, one));
    }

    /// <summary>What is there, seen or not.</summary>
    internal T? Find(ObjectName name)
    {
        lock (gate)
            return server.Find(name);
    }

    /// <summary>Does not show what is there, as a selector does.</summary>
    internal void Hide(ObjectName name)
    {
        lock (gate)
        {
            Latest = new(Latest!.Objects.Remove(name));
            hidden.Add(name);
        }
    }

    /// <summary>Forgets that anything was listed: as before the first list.</summary>
    internal void Unlist()
    {
        lock (gate)
            Latest = null;
    }

    /// <summary>Cuts the server off; what changes there is not seen.</summary>
    internal void Fail(ExtensionException failure)
    {
        lock (gate)
            Failure = failure;
    }

    /// <summary>Makes it readable again; everything is listed anew.</summary>
    internal void Mend()
    {
        lock (gate)
        {
            Failure = null;
            Show(null);
        }
    }

    private void Change(IEnumerable<(ObjectName Name, T? Object)> changes)
    {
        lock (gate)
        {
            var names = ImmutableHashSet.CreateBuilder<ObjectName>();
            foreach (var (name, one) in changes)
            {
                names.Add(name);
                server = new(one is null ? server.Objects.Remove(name) : server.Objects.SetItem(name, one));
            }
            if (Failure is null)
                Show(names.ToImmutable());
        }
    }

    private void Show(ImmutableHashSet<ObjectName>? changed)
    {
        Latest = server;
        foreach (var reader in readers)
            reader.Tell(changed);
    }

    /// <summary>One reader, and what it was not given yet.</summary>
    private sealed class Reader
    {
        private ImmutableHashSet<ObjectName>? waiting = [];

        internal SemaphoreSlim Told { get; } = new(0);

        internal void Tell(ImmutableHashSet<ObjectName>? changed)
        {
            if (waiting is { IsEmpty: true })
                Told.Release();
            waiting = changed is null ? null : waiting?.Union(changed);
        }

        internal ImmutableHashSet<ObjectName>? Take()
        {
            var taken = waiting;
            waiting = [];
            return taken;
        }
    }
}
