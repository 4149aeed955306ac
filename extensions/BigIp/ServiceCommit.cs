using Interlook.Batching;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// Carries out the changes of many services: looks, writes what differs, publishes, and removes what is no longer wanted, in this order. One
/// commit at a time, so nothing of ours runs into something else of ours.
/// </summary>
internal sealed partial class ServiceCommit(
    BigIpClient client,
    PictureReader reader,
    ServiceWriter writer,
    RuleWriter rules,
    ServiceRemover remover,
    ConfigurationKeeper keeper,
    BigIpPaths paths,
    OwnershipMark mark,
    ILogger logger,
    CancellationToken stopped)
{
    internal async Task CommitAsync(IReadOnlyList<PendingCommit<ServiceChange, bool>> batch)
    {
        var works = batch.Select(pending => new ServiceWork(pending)).ToList();
        try
        {
            await CommitAsync(works);
        }
        catch
        {
            foreach (var work in works)
                work.SayFailure();
            throw; // which is the failure of all others
        }
        foreach (var work in works)
            work.Say();
    }

    private async Task CommitAsync(List<ServiceWork> works)
    {
        var before = keeper.Changes;
        try
        {
            await PassAsync(works);
        }
        catch (ExtensionException lost) when (keeper.Changes > before && lost.Reason is Reason.Unreachable or Reason.Timeout or Reason.Unavailable)
        {
            // Nobody knows how far it came. Looking again tells, and does what is left; if that fails too the engine waits and asks again.
            Log.LookedAgain(logger, client.Called, lost.Message);
            await PassAsync(works.FindAll(work => work.IsAlive));
        }
        finally
        {
            // Noted again after the writes: a save that ran beside them took the notes from before them along.
            if (keeper.Changes > before)
                keeper.NoteChange();
        }
    }

    private async Task PassAsync(List<ServiceWork> works)
    {
        if (works.Count == 0)
            return;
        var picture = await reader.ReadAsync([.. works.Select(work => work.Change.Name).Distinct()], stopped);
        var claims = new ServiceClaims(picture, paths, mark, client.Called);
        foreach (var work in works)
        {
            if (work.Wanted is { } wanted && claims.Take(wanted) is { } conflict)
                work.Fail(conflict);
        }
        await writer.PutAsync(works, picture);
        await rules.PublishAsync(works, picture);
        await remover.RemoveAsync(works, picture);
    }
}
