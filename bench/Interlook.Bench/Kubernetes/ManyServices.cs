namespace Interlook.Bench.Kubernetes;

/// <summary>
/// An API server that holds 5,000 Services with a slice each, made once for all benchmarks that need it. Their statuses are as the last one
/// left them.
/// </summary>
internal sealed class ManyServices : IAsyncDisposable
{
    /// <summary>How many.</summary>
    public const int Count = 5_000;

    /// <summary>The namespace of one of them.</summary>
    public const string One = "one";

    /// <summary>A namespace of 2,000.</summary>
    public const string Some = "some";

    /// <summary>How many are in <see cref="Some"/>.</summary>
    public const int CountOfSome = 2_000;

    private const string Rest = "rest";
    private const int AtOnce = 16;

    private ApiPlace? place;

    /// <summary>Where a Service is, by its number.</summary>
    public static (string Namespace, string Name) Service(int number) =>
        (number == 0 ? One : number <= CountOfSome ? Some : Rest, $"service-{number}");

    /// <summary>The server; the first who asks waits until all is made.</summary>
    public async Task<ApiPlace> StartAsync()
    {
        if (place is not null)
            return place;
        place = await ApiPlace.StartAsync(isForMany: true);
        foreach (var ns in new[] { One, Some, Rest })
            await place.Server.CreateNamespaceAsync(ns);
        using var clients = new RawClients(place, AtOnce);
        await clients.RunAsync(Count, (client, number) =>
        {
            var (ns, name) = Service(number);
            ApiPlace.CreateSlice(client, ns, name, number);
            ApiPlace.CreateService(client, ns, name);
        });
        return place;
    }

    /// <summary>Takes the addresses from all statuses, as if nobody had published these Services yet.</summary>
    public static Task ClearAsync(RawClients clients) => clients.RunAsync(Count, (client, number) =>
    {
        var (ns, name) = Service(number);
        ApiPlace.ClearStatus(client, ns, name);
    });

    public async ValueTask DisposeAsync()
    {
        if (place is not null)
            await place.DisposeAsync();
    }
}
