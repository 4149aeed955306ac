using Interlook.Extensions.Kubernetes;
using Interlook.Specification;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>Makes extensions for Kubernetes the way the host does: by name, from texts, through the schema.</summary>
internal static class KubernetesContext
{
    /// <summary>Makes an extension.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="settings">Each key with its text.</param>
    internal static T Create<T>(string name, params (string Key, string Text)[] settings)
        where T : IExtension => Create<T>(name, "test", settings);

    /// <summary>Makes an extension of another Interlook.</summary>
    internal static T Create<T>(string name, string instance, params (string Key, string Text)[] settings)
        where T : IExtension
    {
        var descriptor = ExtensionCatalog.Empty.AddKubernetes().Find(name)!;
        var options = descriptor.Schema.CreateOptions();
        foreach (var (key, text) in settings)
        {
            var setting = descriptor.Schema.Find(key) ?? throw new ArgumentException($"no setting {key}");
            if (setting.Assign(options, [text]) is { } problem)
                throw new FormatException($"{key} {problem}");
        }
        return (T)descriptor.Create(options, TestContexts.Create(name, instance));
    }
}
