using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Providers;

/// <summary>What a provider says. A closed set; definitions bear the provider's own name.</summary>
public abstract record ProviderEvent
{
    private ProviderEvent()
    {
    }

    /// <summary>Every published service of the platform at one moment. A service that is missing here has gone.</summary>
    /// <param name="Services">Each name once.</param>
    /// <param name="IsComplete">
    /// False when a part of the platform could not be read and was never read before: what is missing is unknown, and nothing is withdrawn.
    /// </param>
    public sealed record Snapshot(EquatableArray<ServiceDefinition> Services, bool IsComplete = true) : ProviderEvent;

    /// <summary>A service appeared or changed. Saying it again changes nothing.</summary>
    public sealed record Published(ServiceDefinition Definition) : ProviderEvent;

    /// <summary>A service went, as the platform itself reported.</summary>
    public sealed record Withdrawn(string Name) : ProviderEvent;

    /// <summary>Everything that asks for publication and cannot have it now; replaces what was said before.</summary>
    public sealed record Rejections(EquatableArray<Rejection> All) : ProviderEvent;
}
