namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>What names an object within its kind.</summary>
/// <param name="Namespace">Its namespace; empty for an object of the whole cluster.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ObjectName(string Namespace, string Name)
{
    /// <summary><c>namespace/name</c>, or the name alone.</summary>
    public override string ToString() => Namespace == "" ? Name : $"{Namespace}/{Name}";

    /// <summary>Reads what <see cref="ToString"/> wrote of an object that has a namespace.</summary>
    /// <returns>False when it is not a namespace and a name.</returns>
    internal static bool TryParse(string text, out ObjectName name)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        name = slash > 0 ? new(text[..slash], text[(slash + 1)..]) : default;
        return slash > 0 && IsName(name.Namespace) && IsName(name.Name);
    }

    // The letters of a DNS subdomain (Kubernetes' page "Object Names and IDs"); what begins with a dot would lead elsewhere in a path.
    private static bool IsName(string text) =>
        text.Length > 0 && text[0] != '.' && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.');
}
