using System.Collections.Immutable;

namespace Interlook.Host.Configuration;

/// <summary>What reading a configuration gave.</summary>
/// <param name="Configuration">The configuration, when nothing is wrong with it.</param>
/// <param name="Problems">Everything that is wrong, a line each, in the order of the file.</param>
internal sealed record ConfigurationResult(InterlookConfiguration? Configuration, ImmutableArray<string> Problems);
