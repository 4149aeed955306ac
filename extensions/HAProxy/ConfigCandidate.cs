namespace Interlook.Extensions.HAProxy;

/// <summary>A document as it would stand in the file.</summary>
/// <param name="Document">The sections.</param>
/// <param name="Proxy">The proxy whose presence in the worker tells that this revision runs.</param>
/// <param name="Text">The file's content.</param>
internal sealed record ConfigCandidate(ConfigDocument Document, string Proxy, string Text)
{
    /// <summary>Renders a document.</summary>
    /// <param name="document">The sections.</param>
    /// <param name="translation">Our words.</param>
    /// <param name="instance">Our marks.</param>
    /// <param name="socket">Where the always-present listener is.</param>
    public static ConfigCandidate Of(ConfigDocument document, HAProxyTranslation translation, string instance, string socket)
    {
        var proxy = $"interlook_file_{instance}_{document.Revision(translation.Preamble("", socket))}";
        return new ConfigCandidate(document, proxy, document.Render(instance, translation.Preamble(proxy, socket)));
    }
}
