using Interlook.Collections;
using Interlook.Extensions;
using Interlook.Services;

namespace Interlook.Provisioners;

/// <summary>
/// Changes one outside system for services: a step of a workflow. Knows nothing of platforms and keeps nothing the engine must know.
/// </summary>
/// <remarks>
/// The engine calls it for different services at once, for one service never twice at once. Every call is idempotent: after a crash or a
/// lost answer the engine repeats it. Objects made outside carry an ownership mark (<see cref="ExtensionContext.Instance"/> and
/// <see cref="ServiceKey.Path"/>); an object without our mark is never changed or deleted, and standing in the way it is a
/// <see cref="Reason.Conflict"/>.
/// </remarks>
public interface IProvisioner : IExtension
{
    /// <summary>
    /// The most calls this provisioner takes at once; null leaves it to <c>core.concurrency</c>. A call that goes on after its cancellation
    /// no longer counts.
    /// </summary>
    int? ConcurrencyLimit => null;

    /// <summary>
    /// Takes up what it held before a restart. Called once, after <see cref="IExtension.StartAsync"/> and before any other call. Only a
    /// provisioner that does the work in this process needs it; for the others the outside system has kept everything.
    /// </summary>
    /// <param name="applied">What this step last acknowledged, for every service that it may still hold.</param>
    /// <param name="stopping">Cancelled when Interlook stops.</param>
    /// <remarks>A service that cannot be taken up again is no failure of the start: the next comparison finds it missing.</remarks>
    Task ResumeAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping) => Task.CompletedTask;

    /// <summary>Makes the outside system match a definition: creates, updates, or finds everything in place.</summary>
    /// <param name="key">Whose objects these are.</param>
    /// <param name="desired">What shall be there afterwards, and nothing else of this service.</param>
    /// <param name="earlier">
    /// Every definition of this service that may have left something outside: first the one last acknowledged, if any, then attempts
    /// that failed or were cut off. What they left and <paramref name="desired"/> does not want is removed, after the new is in place.
    /// </param>
    /// <param name="stopping">Cancelled at the deadline or when Interlook stops.</param>
    /// <returns><paramref name="desired"/>, with what this step decides filled in (an address step: the public IP).</returns>
    /// <exception cref="ExtensionException">The service is not as desired. Nothing of other services was harmed.</exception>
    Task<ServiceDefinition> DeployAsync(
        ServiceKey key,
        ServiceDefinition desired,
        EquatableArray<ServiceDefinition> earlier,
        CancellationToken stopping);

    /// <summary>Removes everything of a service. What is gone already is success.</summary>
    /// <param name="key">Whose objects.</param>
    /// <param name="earlier">
    /// Every definition that may have left something outside. None for an orphan, of which only its mark is known: then what bears the mark of
    /// the service is found outside and removed.
    /// </param>
    /// <param name="stopping">Cancelled at the deadline or when Interlook stops.</param>
    /// <exception cref="ExtensionException">Something of this service may still be there.</exception>
    Task UndeployAsync(ServiceKey key, EquatableArray<ServiceDefinition> earlier, CancellationToken stopping);

    /// <summary>Compares the outside system with what it acknowledged. Reads only.</summary>
    /// <param name="applied">What this step last acknowledged, for every service it should hold now.</param>
    /// <param name="stopping">Cancelled at the deadline or when Interlook stops.</param>
    /// <exception cref="ExtensionException">It could not be read: nothing is known.</exception>
    Task<Observation> ObserveAsync(IReadOnlyDictionary<ServiceKey, ServiceDefinition> applied, CancellationToken stopping);
}
