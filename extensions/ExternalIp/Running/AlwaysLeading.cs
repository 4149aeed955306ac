namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>Without an election everybody acts.</summary>
internal sealed class AlwaysLeading : ILeadership
{
    /// <inheritdoc/>
    public Task RunAsync(Func<CancellationToken, Task> leadAsync, CancellationToken stopping) => leadAsync(stopping);
}
