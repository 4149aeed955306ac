namespace Interlook.Batching;

/// <summary>Where requests gather.</summary>
internal interface IBatchSource
{
    /// <summary>Takes what waits.</summary>
    /// <returns>Null when nothing does: who asks for a commit from now on starts the next loop.</returns>
    IBatch? Take();
}
