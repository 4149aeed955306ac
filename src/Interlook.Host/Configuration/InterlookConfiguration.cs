using System.Collections.Immutable;
using Interlook.Engine;

namespace Interlook.Host.Configuration;

/// <summary>A configuration that was read and found good.</summary>
/// <param name="Core">The section <c>core</c>.</param>
/// <param name="Workflows">The workflows: <c>default</c> first when there is one, then in the order of the file.</param>
/// <param name="Extensions">The options of every section, by the extension's name; also of extensions that no workflow names.</param>
internal sealed record InterlookConfiguration(
    CoreOptions Core,
    ImmutableArray<Workflow> Workflows,
    ImmutableSortedDictionary<string, object> Extensions);
