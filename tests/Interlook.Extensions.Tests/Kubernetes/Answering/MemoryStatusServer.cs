using System.Collections.Concurrent;
using System.Globalization;
using Interlook.Extensions.Kubernetes.Answering;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Extensions.Tests.Kubernetes.Publishing;

namespace Interlook.Extensions.Tests.Kubernetes.Answering;

/// <summary>Writes into an informer's own objects, as a server does whose watch is quick.</summary>
internal sealed class MemoryStatusServer(MemoryInformer<Service> services) : IStatusServer
{
    private readonly Lock gate = new();
    private int version = 100;

    /// <summary>What was applied, in order: <c>shop/web: 10.0.0.1 True</c>.</summary>
    internal ConcurrentQueue<string> Writes { get; } = new();

    internal ConcurrentQueue<Event> Events { get; } = new();

    /// <summary>Fails the next calls, when set.</summary>
    internal ExtensionException? Refusal { get; set; }

    /// <summary>Like servers before 1.21.</summary>
    internal bool DropsConditions { get; set; }

    /// <summary>False keeps from the informer what was written, like a watch that lags.</summary>
    internal bool Shows { get; set; } = true;

    public Task<Service?> ApplyAsync(Service service, string manager, WantedStatus wanted, CancellationToken stopping)
    {
        if (Refusal is { } refusal)
            throw refusal;
        lock (gate)
        {
            if (services.Find(service.Name)?.Metadata.Uid != service.Metadata.Uid)
                throw new ExtensionException(Reason.Conflict, "uid mismatch"); // 409, also where there is none any more
            var condition = wanted.IsPublished is { } published ? (published ? " True" : $" False {wanted.Reason}") : "";
            Writes.Enqueue($"{service.Name}: {string.Join(' ', wanted.Ingress.Select(place => place.Ip ?? place.Hostname))}{condition}");
            var written = service with
            {
                Metadata = service.Metadata with
                {
                    ResourceVersion = (++version).ToString(CultureInfo.InvariantCulture),
                    Managers = wanted.IsPublished is null ? [] : [manager],
                },
                Status = new()
                {
                    LoadBalancer = new() { Ingress = [.. wanted.Ingress] },
                    Conditions = wanted.IsPublished is { } isPublished && !DropsConditions
                        ? [new() { Type = WantedStatus.ConditionType, Status = isPublished ? Condition.True : Condition.False, Reason = wanted.Reason, Message = wanted.Message }]
                        : [],
                },
            };
            if (Shows)
                services.Put(written);
            return Task.FromResult<Service?>(written);
        }
    }

    public Task CreateAsync(Event said, CancellationToken stopping)
    {
        if (Refusal is { } refusal)
            throw refusal;
        Events.Enqueue(said);
        return Task.CompletedTask;
    }
}
