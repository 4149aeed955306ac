using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Kubernetes.Publishing;
using Interlook.Providers;
using Interlook.Services;
using Xunit;
using static Interlook.Extensions.Tests.Kubernetes.Publishing.Given;

namespace Interlook.Extensions.Tests.Kubernetes.Publishing;

/// <summary>
/// What is published follows from what is there, and from nothing else: not from the order of the changes, not from how they were joined, not
/// from lists between them. Each history has a seed; a failure names it.
/// </summary>
public sealed class PublicationHistoryTests
{
    private const int Histories = 1_500;
    private const int Steps = 30;

    [Fact]
    public void After_every_change_the_same_is_published_as_if_all_were_translated_anew()
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            var history = new History(seed, hasMistakes: true);
            for (var step = 1; step <= Steps; step++)
            {
                history.Step();
                history.CompareWithAllAnew($"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Any_order_of_changes_and_lists_ends_in_what_one_last_list_gives()
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            var history = new History(seed + Histories, hasMistakes: false);
            for (var step = 1; step <= Steps; step++)
                history.Step();
            history.Arrive();

            history.CompareWithOneList($"seed {seed}");
        }
    }

    /// <summary>A server that changes by chance, and a watch to which that comes late, joined, and in any order of the three streams.</summary>
    private sealed class History
    {
        private readonly Random random;
        private readonly RandomCluster cluster;
        private readonly ServiceTranslation translation;
        private readonly PublicationTable table;
        private readonly Stream<Service> services;
        private readonly Stream<EndpointSlice> slices;
        private readonly Stream<Node> nodes;
        private readonly Dictionary<string, ServiceDefinition> told = new(StringComparer.Ordinal);
        private ImmutableDictionary<ObjectName, Publication> remembered = ImmutableDictionary<ObjectName, Publication>.Empty;

        internal History(int seed, bool hasMistakes)
        {
            random = new Random(seed);
            cluster = new(random, hasMistakes);
            translation = new("provider.kubernetes", cluster.Rules());
            table = new(translation, remembered);
            services = new(random, cluster.ServiceName, cluster.Service);
            slices = new(random, cluster.SliceName, cluster.Slice);
            nodes = new(random, cluster.NodeName, cluster.Node);
            table.Begin(services.Seen, slices.Seen, nodes.Seen);
        }

        internal void Step()
        {
            switch (random.Next(9))
            {
                case 0 or 1:
                    services.Change();
                    break;
                case 2 or 3:
                    slices.Change();
                    break;
                case 4:
                    nodes.Change();
                    break;
                case 5 or 6:
                    ArriveServices();
                    break;
                case 7:
                    Fold(table.Take(slices.Arrive()));
                    break;
                case 8:
                    Fold(table.Take(nodes.Arrive()));
                    break;
            }
        }

        /// <summary>Everything that is still under way comes, the streams in any order.</summary>
        internal void Arrive()
        {
            Action[] arrivals = [ArriveServices, () => Fold(table.Take(slices.Arrive())), () => Fold(table.Take(nodes.Arrive()))];
            random.Shuffle(arrivals);
            foreach (var arrival in arrivals)
                arrival();
        }

        internal void CompareWithAllAnew(string where)
        {
            var anew = new PublicationTable(translation, remembered);
            anew.Begin(services.Seen, slices.Seen, nodes.Seen);

            Compare(anew, where);
        }

        internal void CompareWithOneList(string where)
        {
            var anew = new PublicationTable(translation, ImmutableDictionary<ObjectName, Publication>.Empty);
            anew.Begin(services.Server, slices.Server, nodes.Server);

            Compare(anew, where);
        }

        private void Compare(PublicationTable anew, string where)
        {
            Assert.True(anew.Definitions() == table.Definitions(), $"{where}: {Shown(anew)} is not {Shown(table)}");
            Assert.True(anew.Rejections() == table.Rejections(), $"{where}: {string.Join("; ", anew.Rejections())} is not {string.Join("; ", table.Rejections())}");
            Assert.True(told.Values.OrderBy(one => one.Name, StringComparer.Ordinal).SequenceEqual(table.Definitions()), $"{where}, as it was told");
        }

        private static string Shown(PublicationTable table) => string.Join("; ", table.Publications.OrderBy(one => one.Key.Name, StringComparer.Ordinal)
            .Select(one => $"{one.Key} {string.Join(',', one.Value.Definition?.DnsNames ?? [])} {one.Value.Shown()}"));

        private void ArriveServices()
        {
            Fold(table.Take(services.Arrive()));
            // What a Service that cannot be understood last asked for is history, and must be the same history.
            foreach (var name in services.Seen.Objects.Keys.Union(remembered.Keys).ToList())
            {
                var now = translation.Translate(services.Seen.Find(name), [], new NodeTable(), remembered.GetValueOrDefault(name));
                remembered = now is null ? remembered.Remove(name) : remembered.SetItem(name, now);
            }
        }

        private void Fold(List<ProviderEvent> changes)
        {
            foreach (var change in changes)
            {
                if (change is ProviderEvent.Published published)
                    told[published.Definition.Name] = published.Definition;
                else
                    Assert.True(told.Remove(Assert.IsType<ProviderEvent.Withdrawn>(change).Name), "what was not published is withdrawn");
            }
        }
    }

    /// <summary>The objects of one kind: as they are, and as they were seen.</summary>
    private sealed class Stream<T>(Random random, Func<ObjectName> name, Func<ObjectName, T> make)
        where T : KubernetesObject
    {
        private ImmutableHashSet<ObjectName> waiting = [];

        internal ObjectCache<T> Server { get; private set; } = Cache<T>();

        internal ObjectCache<T> Seen { get; private set; } = Cache<T>();

        internal void Change()
        {
            var which = name();
            waiting = waiting.Add(which);
            Server = new(random.Next(4) == 0 ? Server.Objects.Remove(which) : Server.Objects.SetItem(which, make(which)));
        }

        internal CacheChange<T> Arrive()
        {
            var change = new CacheChange<T>(Server, random.Next(5) == 0 ? null : waiting);
            (Seen, waiting) = (Server, []);
            return change;
        }
    }
}
