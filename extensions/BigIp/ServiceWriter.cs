namespace Interlook.Extensions.BigIp;

/// <summary>Makes and changes the pools and virtual servers that services shall have. For one commit at a time.</summary>
internal sealed class ServiceWriter(
    BigIpClient client, PictureReader reader, ServiceOperations operations, ConfigurationKeeper keeper, CancellationToken stopped)
{
    /// <summary>The most services in a transaction: their requests usually come well within the 30 seconds that it waits for its commit.</summary>
    internal const int ServicesInTransaction = 32;

    private int fitting = ServicesInTransaction;

    /// <summary>Makes and changes pools and virtual servers, those of a service all or none.</summary>
    internal async Task PutAsync(IReadOnlyList<ServiceWork> works, Picture picture)
    {
        var changing = works.Where(work => work is { IsAlive: true, Wanted: { } wanted } && operations.Puts(wanted, picture)).ToList();
        if (changing.Count == 0)
            return;
        picture.Nodes = await reader.NodesAsync(picture, stopped);
        foreach (var together in changing.Chunk(fitting))
            await PutTogetherAsync(together, picture);
    }

    private async Task PutTogetherAsync(ServiceWork[] works, Picture picture)
    {
        var nodes = picture.Nodes!;
        var requests = new List<Operation>();
        foreach (var work in works)
        {
            (var own, nodes) = operations.Put(work.Wanted!, picture, nodes);
            requests.AddRange(own);
        }
        try
        {
            keeper.NoteChange();
            if (requests is [var only])
                await client.SendAsync(only, stopped);
            else if (!await TryRunAsync(requests, works))
            {
                await PutSmallerAsync(works, picture);
                return;
            }
            picture.Nodes = nodes;
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            if (works.Length == 1)
            {
                works[0].Fail(refusal);
                return;
            }
            foreach (var work in works) // to find whose fault it is
                await PutTogetherAsync([work], picture);
        }
    }

    /// <summary>The appliance was too slow for a transaction of that size.</summary>
    private async Task PutSmallerAsync(ServiceWork[] works, Picture picture)
    {
        if (works.Length == 1)
        {
            throw new ExtensionException(
                Reason.Timeout,
                $"{client.Called}: the transaction of {works[0].Change.Key} ended before all its requests were answered; look at the appliance's load");
        }
        fitting = Math.Min(fitting, (works.Length + 1) / 2);
        foreach (var half in works.Chunk((works.Length + 1) / 2))
            await PutTogetherAsync(half, picture);
    }

    /// <returns>False when the transaction ended before its commit; nothing was done.</returns>
    private async Task<bool> TryRunAsync(List<Operation> requests, ServiceWork[] works)
    {
        var transaction = await client.BeginAsync(stopped);
        try
        {
            foreach (var request in requests)
            {
                if (!await client.TryQueueAsync(request, transaction, stopped))
                    return false;
            }
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            await client.AbandonAsync(transaction, stopped);
            throw;
        }
        var whose = works.Length == 1 ? $"service {works[0].Change.Key}" : $"{works.Length} services";
        return await client.TryCommitAsync(transaction, $"committing the objects of {whose}", stopped);
    }
}
