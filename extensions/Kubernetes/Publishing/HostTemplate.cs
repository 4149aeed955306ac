using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>How the host name of a Service is made of its own name and its namespace. Immutable.</summary>
internal sealed class HostTemplate
{
    private const string NamePlace = "{name}";
    private const string NamespacePlace = "{namespace}";

    private readonly string text;

    private HostTemplate(string text) => this.text = text;

    /// <summary>Reads a template; empty text is none.</summary>
    /// <exception cref="FormatException">It cannot make host names; the message is the end of a sentence that begins with the setting.</exception>
    internal static HostTemplate? Read(string text)
    {
        var written = text.Trim();
        if (written == "")
            return null;
        var template = new HostTemplate(written);
        var example = template.Fill(new("namespace", "name"));
        if (example.AsSpan().ContainsAny('{', '}'))
            throw new FormatException($"knows the places {NamePlace} and {NamespacePlace} and no other braces, not '{text}'");
        return HostName.TryNormalize(example, out _, out var problem)
            ? template
            : throw new FormatException($"makes no host name: '{example}' {problem}");
    }

    /// <summary>The host name of a Service.</summary>
    /// <exception cref="FormatException">A part of it grew too long.</exception>
    internal string Make(ObjectName service) => HostName.TryNormalize(Fill(service), out var name, out var problem)
        ? name
        : throw new FormatException($"the host name '{Fill(service)}' that `hostTemplate` makes {problem}: set annotation {PublicationLabels.Hosts}");

    private string Fill(ObjectName service) => text
        .Replace(NamePlace, service.Name, StringComparison.Ordinal)
        .Replace(NamespacePlace, service.Namespace, StringComparison.Ordinal);
}
