using Interlook.Services;

namespace Interlook.Engine.Changes;

/// <summary>
/// Tells whoever reads along which entries have changed. Saying so costs next to nothing while nobody reads. Safe for concurrent use.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Lock gate = new();
    private volatile ChangeReader[] readers = [];

    /// <summary>Begins to read along: every change from now on. Dispose of the reader to end.</summary>
    public ChangeReader Read()
    {
        var reader = new ChangeReader(Leave);
        lock (gate)
            readers = [.. readers, reader];
        return reader;
    }

    /// <summary>An entry came, changed, or went; what it is now can be read already.</summary>
    public void Say(ServiceKey key)
    {
        foreach (var reader in readers)
            reader.Take(key);
    }

    private void Leave(ChangeReader gone)
    {
        lock (gate)
            readers = [.. readers.Where(reader => reader != gone)];
    }
}
