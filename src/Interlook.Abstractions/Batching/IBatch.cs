namespace Interlook.Batching;

/// <summary>Requests that are committed together.</summary>
internal interface IBatch
{
    /// <summary>Commits them.</summary>
    Task CommitAsync();

    /// <summary>Ends those of which the commit said nothing.</summary>
    void FailUnsaid(Exception failure);
}
