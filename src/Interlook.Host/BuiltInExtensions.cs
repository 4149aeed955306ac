using Interlook.Extensions;

namespace Interlook.Host;

/// <summary>The extensions this executable contains. A new one is one line here; nothing is scanned.</summary>
internal static class BuiltInExtensions
{
    internal static ExtensionCatalog Catalog { get; } = ExtensionCatalog.Empty;
}
