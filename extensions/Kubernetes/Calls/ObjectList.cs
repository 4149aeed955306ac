using System.Collections.Immutable;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>All objects of a kind at one version, or a page of them.</summary>
/// <param name="Objects">Those that could be read.</param>
/// <param name="Broken">Those that could not.</param>
/// <param name="Version">The version at which all were so.</param>
/// <param name="Continue">Where the next page begins; empty when there is none.</param>
internal sealed record ObjectList<T>(ImmutableArray<T> Objects, ImmutableArray<BrokenObject> Broken, string Version, string Continue = "")
    where T : KubernetesObject;
