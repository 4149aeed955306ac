namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>
/// A text of our credentials: written in the configuration, or a file that somebody replaces from time to time. Safe for concurrent use.
/// </summary>
internal interface ITextSource
{
    /// <summary>The text as it is now; a file is read again when that is due.</summary>
    /// <exception cref="ExtensionException">The file cannot be read, and never could.</exception>
    string Read();

    /// <summary>Lets the next <see cref="Read"/> look at the file again: the server refused what it said.</summary>
    void Doubt();
}
