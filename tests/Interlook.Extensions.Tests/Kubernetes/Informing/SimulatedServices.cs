using System.Collections.Immutable;
using System.Globalization;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Tests.Kubernetes.Informing;

/// <summary>
/// A server with a random history of Services, which changes while it is read and fails in every way that servers do. After a number of
/// answers it is calm: nothing changes any more, and every answer is right. One thread at a time.
/// </summary>
internal sealed class SimulatedServices(Random random, int answers) : IObjectSource<Service>
{
    private static readonly string[] Namespaces = ["n0", "n1", "n2"];

    private readonly List<(WatchEvent<Service> Told, ImmutableDictionary<ObjectName, WatchEvent<Service>> State)> history = [];
    private readonly Lock gate = new();
    private ImmutableDictionary<ObjectName, WatchEvent<Service>> state = ImmutableDictionary<ObjectName, WatchEvent<Service>>.Empty;
    private int forgotten;
    private int rest = answers;
    private int uids;

    public bool IsSelective => false;

    public string Plural => "services";

    /// <summary>Watches that have told everything and wait.</summary>
    internal int Waiting { get; private set; }

    /// <summary>What there is at the end, by name.</summary>
    internal ImmutableDictionary<ObjectName, Service> Final =>
        state.ToImmutableDictionary(each => each.Key, each => ((WatchEvent<Service>.Present)each.Value).Object);

    internal bool IsCalm => rest <= 0;

    public Task<ObjectList<Service>> ListAsync(string scope, string? notOlderThan, CancellationToken stopping)
    {
        lock (gate)
        {
            Live();
            if (!IsCalm && random.Next(4) == 0)
                throw Fault();
            var at = !IsCalm && random.Next(6) == 0 ? random.Next(history.Count + 1) : history.Count; // now and then an old memory
            var seen = at == 0 ? ImmutableDictionary<ObjectName, WatchEvent<Service>>.Empty : history[at - 1].State;
            var there = seen.Where(each => scope == "" || each.Key.Namespace == scope).Select(each => each.Value).ToList();
            Live();
            return Task.FromResult(new ObjectList<Service>(
                [.. there.OfType<WatchEvent<Service>.Present>().Select(present => present.Object)],
                [.. there.OfType<WatchEvent<Service>.Unreadable>().Select(unreadable => unreadable.Object)],
                Version(at)));
        }
    }

    public Task<IWatch<Service>?> OpenAsync(string scope, string version, TimeSpan life, CancellationToken stopping)
    {
        lock (gate)
        {
            Live();
            if (!IsCalm && random.Next(5) == 0)
                throw Fault();
            var at = int.Parse(version, CultureInfo.InvariantCulture);
            return Task.FromResult<IWatch<Service>?>(at < forgotten && random.Next(2) == 0 ? null : new SimulatedWatch(this, random, scope, at));
        }
    }

    public Task<Service?> ReadAsync(ObjectName name, CancellationToken stopping) => throw new NotSupportedException();

    /// <summary>Some changes, and the count of answers.</summary>
    private void Live()
    {
        if (IsCalm)
            return;
        for (var changes = random.Next(4); changes > 0; changes--)
            Change(new(Namespaces[random.Next(3)], $"s{random.Next(6)}"), random.Next(10));
        if (random.Next(12) == 0)
            forgotten = random.Next(forgotten, history.Count + 1);
        if (--rest > 0)
            return;
        foreach (var broken in state.Where(each => each.Value is WatchEvent<Service>.Unreadable).Select(each => each.Key))
            Change(broken, 5);
    }

    private void Change(ObjectName name, int kind)
    {
        var version = Version(history.Count + 1);
        var known = state.GetValueOrDefault(name) as WatchEvent<Service>.Present;
        WatchEvent<Service> told = kind switch
        {
            0 or 1 or 2 when state.ContainsKey(name) => new WatchEvent<Service>.Gone(name, version),
            3 => new WatchEvent<Service>.Unreadable(new(name, version, "it is broken")),
            4 when known is not null => new WatchEvent<Service>.Present(known.Object with { Metadata = known.Object.Metadata with { ResourceVersion = version } }),
            _ => new WatchEvent<Service>.Present(Make(name, known?.Object.Metadata.Uid.ToString() ?? $"u{uids++}", version)),
        };
        state = told is WatchEvent<Service>.Gone ? state.Remove(name) : state.SetItem(name, told);
        history.Add((told, state));
    }

    private static Service Make(ObjectName name, string uid, string version) => new()
    {
        Metadata = new()
        {
            Namespace = name.Namespace,
            Name = name.Name,
            Uid = uid,
            ResourceVersion = version,
            Annotations = new Dictionary<string, string> { ["interlook.hosts"] = $"v{version}.example.org" },
        },
    };

    private static string Version(int at) => at.ToString(CultureInfo.InvariantCulture);

    private ExtensionException Fault() => random.Next(3) switch
    {
        0 => new(Reason.Unreachable, "cut"),
        1 => new(Reason.Unavailable, "busy", TimeSpan.FromSeconds(random.Next(20))),
        _ => new(Reason.Timeout, "late"),
    };

    private sealed class SimulatedWatch(SimulatedServices server, Random random, string scope, int at) : IWatch<Service>
    {
        private int at = at;

        public async ValueTask<bool> ReadAsync(List<WatchEvent<Service>> events, CancellationToken stopping)
        {
            while (true)
            {
                lock (server.gate)
                {
                    server.Live();
                    var isCalm = server.IsCalm;
                    if (at < server.forgotten && (isCalm || random.Next(3) == 0))
                    {
                        events.Add(new WatchEvent<Service>.Expired());
                        return true;
                    }
                    for (var count = random.Next(1, 5); count > 0 && at < server.history.Count; count--)
                        Tell(server.history[at++].Told, events);
                    if (!isCalm && random.Next(5) == 0)
                        return random.Next(2) == 0 ? false : throw server.Fault();
                    if (random.Next(4) == 0 && at < server.history.Count)
                        events.Add(new WatchEvent<Service>.Bookmark(Version(at)));
                    if (events.Count > 0)
                        return true;
                    if (!isCalm || at < server.history.Count)
                        continue;
                    server.Waiting++;
                }
                try
                {
                    await new TaskCompletionSource().Task.WaitAsync(stopping);
                }
                finally
                {
                    lock (server.gate)
                        server.Waiting--;
                }
            }
        }

        public void Dispose()
        {
            // nothing is held
        }

        private void Tell(WatchEvent<Service> told, List<WatchEvent<Service>> events)
        {
            var name = told switch
            {
                WatchEvent<Service>.Present present => present.Object.Name,
                WatchEvent<Service>.Gone gone => gone.Name,
                WatchEvent<Service>.Unreadable unreadable => unreadable.Object.Name,
                _ => throw new NotSupportedException(),
            };
            if (scope == "" || name.Namespace == scope)
                events.Add(told);
        }
    }
}
