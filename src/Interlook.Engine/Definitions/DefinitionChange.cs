using Interlook.Services;

namespace Interlook.Engine.Definitions;

/// <summary>A service is wished for differently than before.</summary>
/// <param name="Name">The service.</param>
/// <param name="Definition">Its definition now; null when it was withdrawn.</param>
internal readonly record struct DefinitionChange(string Name, ServiceDefinition? Definition);
