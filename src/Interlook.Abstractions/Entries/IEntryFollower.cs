namespace Interlook.Entries;

/// <summary>
/// A provisioner that also tells others how the entries fare of the workflows it is a step of: on the platform's own object, for example. An
/// ability beside <see cref="Interlook.Provisioners.IProvisioner"/>; most leave it out.
/// </summary>
public interface IEntryFollower
{
    /// <summary>Reads along until stopped. When it fails it is called again after a while, with everything from the beginning.</summary>
    /// <param name="news">
    /// First every entry as it stands, then each that changed, for ever. Several changes of one entry may come as one, none is left out. Reading
    /// slowly holds nothing up.
    /// </param>
    /// <param name="stopping">Ends the stream.</param>
    Task FollowAsync(IAsyncEnumerable<EntryNews> news, CancellationToken stopping);
}
