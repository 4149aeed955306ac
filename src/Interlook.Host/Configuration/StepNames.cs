using Interlook.Extensions;

namespace Interlook.Host.Configuration;

/// <summary>Finds the extension that a step's name means, whatever generation the name is of.</summary>
internal sealed class StepNames(ExtensionCatalog catalog)
{
    // Earlier documentation calls every provisioner 'provisioner.PRODUCT', whatever its kind.
    private const string Generic = "provisioner.";

    internal ExtensionDescriptor? Find(string step)
    {
        if (catalog.Find(step) is { } found)
            return found;
        if (!step.StartsWith(Generic, StringComparison.OrdinalIgnoreCase))
            return null;
        var candidates = OfProduct(step).Where(extension => !extension.IsProvider).Take(2).ToList();
        return candidates.Count == 1 ? candidates[0] : null;
    }

    /// <summary>The name of today for a name of whatever generation; one that means nothing stays as it is.</summary>
    internal string Canonical(string step) => Find(step)?.Name ?? step;

    /// <summary>The end of a message about a step that means nothing.</summary>
    internal string Suggest(string step) =>
        OfProduct(step).Select(extension => $"'{extension.Name}'").ToList() is { Count: > 0 } products
            ? $"; did you mean {string.Join(" or ", products)}?"
            : Suggestion.For(step, catalog.All.Select(known => known.Name));

    private IEnumerable<ExtensionDescriptor> OfProduct(string step)
    {
        var product = Product(step);
        return catalog.All.Where(extension => Product(extension.Name).Equals(product, StringComparison.OrdinalIgnoreCase));
    }

    private static string Product(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
