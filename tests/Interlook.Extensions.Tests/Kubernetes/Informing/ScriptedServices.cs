using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Tests.Kubernetes.Informing;

/// <summary>A server without Services, whose first lists fail as a test says; its watches tell nothing.</summary>
internal sealed class ScriptedServices(Func<int, Exception?> fault) : IObjectSource<Service>
{
    private volatile int lists;

    public string Plural => "services";

    public bool IsSelective => false;

    /// <summary>How often it was listed.</summary>
    internal int Lists => lists;

    public Task<ObjectList<Service>> ListAsync(string scope, string? notOlderThan, CancellationToken stopping) =>
        fault(Interlocked.Increment(ref lists)) is { } problem
            ? Task.FromException<ObjectList<Service>>(problem)
            : Task.FromResult(new ObjectList<Service>([], [], "1"));

    public Task<IWatch<Service>?> OpenAsync(string scope, string version, TimeSpan life, CancellationToken stopping) =>
        Task.FromResult<IWatch<Service>?>(new SilentWatch());

    public Task<Service?> ReadAsync(ObjectName name, CancellationToken stopping) => throw new NotSupportedException();

    private sealed class SilentWatch : IWatch<Service>
    {
        public async ValueTask<bool> ReadAsync(List<WatchEvent<Service>> events, CancellationToken stopping)
        {
            await new TaskCompletionSource().Task.WaitAsync(stopping);
            return false;
        }

        public void Dispose()
        {
            // nothing is held
        }
    }
}
