namespace Interlook.Extensions;

/// <summary>A provider or a provisioner. The host starts it, checks it while it runs, and stops it once.</summary>
public interface IExtension
{
    /// <summary>
    /// Verifies the configuration against the outside system and gets ready. Called before anything else; and again only after it failed with
    /// <see cref="Reason.Unreachable"/>, <see cref="Reason.Unavailable"/> or <see cref="Reason.Timeout"/>, where the operator wants to wait.
    /// </summary>
    /// <exception cref="ExtensionException">It cannot work: the message says what failed, at which system, and what to do.</exception>
    Task StartAsync(CancellationToken stopping);

    /// <summary>
    /// Succeeds while the outside system can be reached with the rights that are needed. Called every few seconds while calls go on;
    /// must be cheap and change nothing.
    /// </summary>
    /// <exception cref="ExtensionException">It cannot be reached, or refuses us.</exception>
    Task CheckAsync(CancellationToken stopping);

    /// <summary>Lets go of connections. Undeploys nothing. Called once, after the last call has ended, also when the start failed half-way.</summary>
    Task StopAsync(CancellationToken stopping);
}
