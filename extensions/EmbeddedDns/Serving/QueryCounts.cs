using System.Diagnostics.Metrics;
using Interlook.Extensions.EmbeddedDns.Messages;

namespace Interlook.Extensions.EmbeddedDns.Serving;

/// <summary>Counts queries by how they ended and how they came. Every listener has counts of its own; they meet when they are read.</summary>
internal sealed class QueryCounts
{
    /// <summary>How a query came: over UDP.</summary>
    internal const string Udp = "udp";

    /// <summary>How a query came: over TCP.</summary>
    internal const string Tcp = "tcp";

    private readonly List<Lane> lanes = [];

    /// <summary>Makes counts for one listener. Before counting begins.</summary>
    internal Lane NewLane(string transport)
    {
        var lane = new Lane(transport);
        lock (lanes)
            lanes.Add(lane);
        return lane;
    }

    /// <summary>What was counted, for a metric.</summary>
    internal IEnumerable<Measurement<long>> Measure(string extension)
    {
        Lane[] all;
        lock (lanes)
            all = [.. lanes];
        foreach (var code in Enum.GetValues<ResponseCode>())
        {
            foreach (var transport in new[] { Udp, Tcp })
            {
                var sum = all.Where(lane => lane.Transport == transport).Sum(lane => lane.Of(code));
                if (sum > 0)
                    yield return new(sum, new("extension", extension), new("rcode", code.ToString().ToUpperInvariant()), new("transport", transport));
            }
        }
    }

    /// <summary>One listener's counts. Safe for concurrent use.</summary>
    internal sealed class Lane(string transport)
    {
        // As far from other lanes as a processor's cache looks at once.
        private const int Apart = 16;

        private readonly long[] counts = new long[Apart + (int)ResponseCode.BadVers + 1 + Apart];

        internal string Transport => transport;

        internal void Count(ResponseCode code) => Interlocked.Increment(ref counts[Apart + (int)code]);

        internal long Of(ResponseCode code) => Volatile.Read(ref counts[Apart + (int)code]);
    }
}
