using Interlook.Collections;

namespace Interlook.Engine;

/// <summary>A named workflow: one provider, then steps in order.</summary>
/// <param name="Name"><see cref="Interlook.Services.ServiceKey.DefaultWorkflow"/>, or the name under <c>workflows:</c>.</param>
/// <param name="Provider">The extension whose services walk it, <c>provider.docker</c>.</param>
/// <param name="Steps">The provisioners in deploy order; each once; may be empty.</param>
public sealed record Workflow(string Name, string Provider, EquatableArray<string> Steps);
