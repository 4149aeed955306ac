namespace Interlook.Services;

/// <summary>Names an entry: a service in a workflow. Two workflows may publish the same service and never collide.</summary>
/// <param name="Workflow">The workflow's name; <see cref="DefaultWorkflow"/> when the configuration has only <c>core.workflow</c>. Holds no slash.</param>
/// <param name="Service">The service's name as its provider gave it. Any printable text of at most 253 characters.</param>
public readonly record struct ServiceKey(string Workflow, string Service)
{
    /// <summary>The name of the workflow that <c>core.workflow</c> configures.</summary>
    public const string DefaultWorkflow = "default";

    /// <summary>What people see: the service's name alone in the default workflow, else <c>workflow/service</c>.</summary>
    public override string ToString() => Workflow == DefaultWorkflow ? Service : Path;

    /// <summary>Unambiguous text: always <c>workflow/service</c>. Use it in stored keys and ownership marks.</summary>
    public string Path => $"{Workflow}/{Service}";

    /// <summary>Reads what <see cref="Path"/> wrote.</summary>
    /// <returns>False when the text has no slash.</returns>
    public static bool TryParsePath(string text, out ServiceKey key)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        key = slash < 0 ? default : new ServiceKey(text[..slash], text[(slash + 1)..]);
        return slash >= 0;
    }
}
