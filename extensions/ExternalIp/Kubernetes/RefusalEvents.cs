using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.ExternalIp.Kubernetes;

/// <summary>
/// Tells Services that cannot have what they ask for, as Events: each refusal once, and again when it comes back after it had passed. One that cannot
/// be written is told with a later pass. Not for concurrent use.
/// </summary>
internal sealed partial class RefusalEvents(ApiServer api, TimeProvider time, Random random, ILogger<RefusalEvents> logger)
{
    /// <summary>Events of one pass: an empty address pool may concern thousands of Services, and the API server has other work.</summary>
    private const int MostAtOnce = 50;

    private const string Component = "ipclaim-scheduler";

    private readonly HashSet<ServiceRefusal> told = [];

    /// <summary>Tells what is new among the refusals of a pass.</summary>
    /// <param name="refusals">All that stand now.</param>
    /// <param name="view">The Services.</param>
    /// <param name="stopping">Cancels it.</param>
    /// <returns>False when something is left to tell.</returns>
    internal async Task<bool> TellAsync(IEnumerable<ServiceRefusal> refusals, ServiceView view, CancellationToken stopping)
    {
        var standing = refusals.ToHashSet();
        told.IntersectWith(standing);
        var untold = standing.Except(told).ToList();
        foreach (var refusal in untold.Take(MostAtOnce))
        {
            if (!ObjectName.TryParse(refusal.Service, out var name) || view.Cache.Find(name) is not { } service)
                continue;
            try
            {
                await api.CreateAsync(api.Kinds.Events, EventOf(service, refusal), stopping);
                told.Add(refusal);
            }
            catch (ExtensionException failure)
            {
                Log.NotTold(logger, refusal.Service, refusal.Reason, failure.Message);
                return false; // the next would most likely fail the same way
            }
        }
        return untold.Count <= MostAtOnce;
    }

    private Event EventOf(Service service, ServiceRefusal refusal)
    {
        var now = time.GetUtcNow();
        return new()
        {
            // The name has to be new: the time to 100 ns, and chance for two schedulers in the same moment.
            Metadata = new() { Namespace = service.Metadata.Namespace, Name = $"{service.Metadata.Name}.{now.UtcTicks:x}{random.Next(0x1000):x3}" },
            InvolvedObject = new()
            {
                ApiVersion = "v1",
                Kind = "Service",
                Namespace = service.Metadata.Namespace,
                Name = service.Metadata.Name,
                Uid = service.Metadata.Uid.ToString(),
            },
            Type = Event.Warning,
            Reason = $"{refusal.Reason}",
            Message = refusal.Message,
            Source = new() { Component = Component },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
    }
}
