using Microsoft.Extensions.Hosting;

namespace Interlook.Api;

/// <summary>Leaves signals to the executable: the web host's own lifetime would stop the API by itself on SIGTERM.</summary>
internal sealed class HostedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
