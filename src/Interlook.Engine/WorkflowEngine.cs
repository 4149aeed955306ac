using System.Collections.Immutable;
using Interlook.Engine.Status;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Engine;

/// <summary>The engine: watches the providers and walks every service through its workflows.</summary>
public sealed class WorkflowEngine(EngineOptions options, EngineParts parts) : IEngine, IAsyncDisposable
{
    /// <summary>Starts every extension, loads the entries, resumes their work and begins to watch.</summary>
    /// <exception cref="Interlook.Extensions.ExtensionException">An extension cannot work; what had started was stopped again.</exception>
    /// <exception cref="Interlook.Storage.StoreException">The entries cannot be read.</exception>
    public Task StartAsync(CancellationToken stopping) => throw new NotSupportedException($"{options}");

    /// <summary>Lets calls under way end (until <paramref name="stopping"/>), then stops the extensions. Undeploys nothing.</summary>
    public Task StopAsync(CancellationToken stopping) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ImmutableArray<Workflow> Workflows => parts.Workflows;

    /// <inheritdoc/>
    public bool IsReady => throw new NotSupportedException();

    /// <inheritdoc/>
    public ImmutableArray<Entry> Entries() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Entry? Find(ServiceKey key) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ImmutableArray<ExtensionStatus> Extensions() => throw new NotSupportedException();

    /// <inheritdoc/>
    public ImmutableArray<ProviderStatus> Providers() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RefreshAsync(ServiceKey key, CancellationToken stopping) => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool Retry(ServiceKey key) => throw new NotSupportedException();

    /// <inheritdoc/>
    public int? ApproveWithdrawals(string provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
