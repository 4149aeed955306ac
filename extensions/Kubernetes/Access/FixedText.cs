namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>A text that stays as it is.</summary>
internal sealed class FixedText(string text) : ITextSource
{
    /// <inheritdoc/>
    public string Read() => text;

    /// <inheritdoc/>
    public void Doubt()
    {
        // there is nothing to look at again
    }
}
