using System.Collections.Immutable;
using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>What one picture of a swarm means. Immutable.</summary>
/// <param name="Services">The published services.</param>
/// <param name="Rejections">What asks for publication and cannot have it, by subject.</param>
/// <param name="Parts">What each Swarm service gives, by its id; the next reading falls back on it.</param>
/// <param name="IsConverging">True while the swarm still starts, moves or stops tasks of a service.</param>
internal sealed record SwarmReading(
    EquatableArray<ServiceDefinition> Services,
    EquatableArray<Rejection> Rejections,
    ImmutableDictionary<string, ServicePart> Parts,
    bool IsConverging);
