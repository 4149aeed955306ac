using Interlook.Bench.Docker;

namespace Interlook.Bench.Kubernetes;

/// <summary>Bare clients of an API server, each with a kept connection and a thread of its own.</summary>
internal sealed class RawClients : IDisposable
{
    private readonly RawHttp[] clients;

    /// <summary>Connects them.</summary>
    public RawClients(ApiPlace server, int count) => clients = [.. Enumerable.Range(0, count).Select(_ => server.Connect())];

    /// <summary>Makes so many calls, each by whoever is free.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="call">Makes the call of that number.</param>
    public Task RunAsync(int calls, Action<RawHttp, int> call)
    {
        var next = -1;
        return Task.WhenAll(clients.Select(client => Task.Factory.StartNew(
            () =>
            {
                for (int number; (number = Interlocked.Increment(ref next)) < calls;)
                    call(client, number);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    public void Dispose()
    {
        foreach (var client in clients)
            client.Dispose();
    }
}
