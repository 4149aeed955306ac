using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// Changes rules of a published policy: a draft is made of it, changed rule by rule, and published. Rules of others are never sent, so they
/// stay as they are. For one caller at a time.
/// </summary>
/// <param name="client">The appliance.</param>
/// <param name="policies">The policies; each may have a draft that an earlier run left.</param>
/// <param name="paths">Where they are.</param>
/// <param name="mark">How rules of ours are told from others.</param>
internal sealed class PolicyPublisher(BigIpClient client, IEnumerable<string> policies, BigIpPaths paths, OwnershipMark mark)
{
    // What differs between a draft and what it was made of without anybody's doing.
    private static readonly FrozenSet<string> Unsettled = FrozenSet.Create(
        StringComparer.Ordinal,
        "generation", "selfLink", "link", "fullPath", "subPath", "status", "lastModified", "draftCopy", "publishedCopy");

    private readonly HashSet<string> doubtful = new(policies, StringComparer.Ordinal);

    /// <summary>
    /// Removes drafts that a publication of ours left when it was cut off: nobody may come to publish again, and what the draft names cannot
    /// be deleted. Reads only where there may be one.
    /// </summary>
    internal async Task TidyAsync(CancellationToken stopping)
    {
        foreach (var policy in doubtful.ToArray())
        {
            if (await CompareAsync(policy, stopping) == DraftState.Ours)
                await DropAsync(policy, stopping);
            doubtful.Remove(policy);
        }
    }

    /// <summary>Publishes many changes at once. One that is refused fails its service; the others go on without it.</summary>
    /// <exception cref="ExtensionException">Nobody knows what is published, or somebody else's draft stands in the way.</exception>
    internal async Task PublishAsync(string policy, IReadOnlyList<RuleChange> changes, CancellationToken stopping)
    {
        await BeginAsync(policy, stopping);
        var drafted = new List<RuleChange>(changes.Count);
        foreach (var change in changes)
        {
            try
            {
                if (change.Operation.Method == HttpMethod.Delete)
                    await client.DeleteAsync(change.Operation.Path, change.Operation.Attempt, stopping);
                else
                    await client.SendAsync(change.Operation, stopping);
                drafted.Add(change);
            }
            catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
            {
                change.Work.Fail(refusal);
            }
        }
        if (drafted.Count == 0)
        {
            await DropAsync(policy, stopping);
            return;
        }
        try
        {
            var body = new WireCommand("publish") { Name = paths.FullDraft(policy) };
            var json = JsonSerializer.SerializeToUtf8Bytes(body, BigIpJson.Default.WireCommand);
            await client.SendAsync(new(HttpMethod.Post, BigIpPaths.Policies, json, $"publishing policy {paths.Full(policy)}"), stopping);
            doubtful.Remove(policy);
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            await DropAsync(policy, stopping);
            if (drafted.Count == 1)
            {
                drafted[0].Work.Fail(refusal);
                return;
            }
            await PublishAsync(policy, drafted[..(drafted.Count / 2)], stopping);
            await PublishAsync(policy, drafted[(drafted.Count / 2)..], stopping);
        }
    }

    private async Task BeginAsync(string policy, CancellationToken stopping)
    {
        try
        {
            await CreateAsync(policy, stopping);
        }
        catch (ExtensionException refusal) when (refusal.Reason is Reason.Refused or Reason.Conflict)
        {
            await RecoverAsync(policy, refusal, stopping);
            await CreateAsync(policy, stopping);
        }
    }

    private Task CreateAsync(string policy, CancellationToken stopping)
    {
        doubtful.Add(policy); // before the call: the answer may get lost after the draft was made
        var body = JsonSerializer.SerializeToUtf8Bytes(new WirePolicy { CreateDraft = true }, BigIpJson.Default.WirePolicy);
        return client.SendAsync(
            new(HttpMethod.Patch, paths.Of(BigIpPaths.Policies, policy), body, $"making a draft of policy {paths.Full(policy)}"), stopping);
    }

    private async Task DropAsync(string policy, CancellationToken stopping)
    {
        await client.DeleteAsync(paths.Draft(policy), $"deleting the draft of policy {paths.Full(policy)}", stopping);
        doubtful.Remove(policy);
    }

    private async Task RecoverAsync(string policy, ExtensionException refusal, CancellationToken stopping)
    {
        switch (await CompareAsync(policy, stopping))
        {
            case DraftState.Absent:
                throw refusal;
            case DraftState.Foreign:
                doubtful.Remove(policy);
                throw new ExtensionException(
                    Reason.Conflict,
                    $"{client.Called}: policy {paths.Full(policy)} has a draft with changes of somebody else; publish or delete {paths.FullDraft(policy)}",
                    innerException: refusal);
        }
        await DropAsync(policy, stopping);
    }

    /// <summary>
    /// Whose draft a policy has. It is taken for ours when it differs from the published policy in rules of ours alone, or in nothing. In any
    /// other a person may be at work.
    /// </summary>
    private async Task<DraftState> CompareAsync(string policy, CancellationToken stopping)
    {
        var draft = await ReadForeignAsync(paths.Draft(policy), stopping);
        if (draft is null)
            return DraftState.Absent;
        var published = await ReadForeignAsync(paths.Of(BigIpPaths.Policies, policy), stopping);
        return JsonNode.DeepEquals(draft, published) ? DraftState.Ours : DraftState.Foreign;
    }

    /// <summary>A policy without what is ours or changes by itself.</summary>
    private async Task<JsonNode?> ReadForeignAsync(string path, CancellationToken stopping)
    {
        const string Attempt = "comparing a draft with its policy";
        if (await client.ReadRawAsync(path, Attempt, stopping) is not { } policy
            || await client.ReadRawAsync($"{path}/rules?expandSubcollections=true", Attempt, stopping) is not { } rules)
        {
            return null;
        }
        try
        {
            var foreign = (JsonNode.Parse(rules)?["items"] as JsonArray ?? [])
                .Where(rule => !mark.IsOurs((string?)rule?["description"]))
                .Select(rule => Stripped(rule));
            return new JsonObject { ["policy"] = Stripped(JsonNode.Parse(policy)), ["rules"] = new JsonArray([.. foreign]) };
        }
        catch (JsonException problem)
        {
            throw BigIpFault.Malformed(problem, $"{client.Called}: {Attempt} failed");
        }
    }

    private static JsonNode? Stripped(JsonNode? node) => node switch
    {
        JsonObject properties => new JsonObject(properties
            .Where(each => !Unsettled.Contains(each.Key))
            .Select(each => KeyValuePair.Create(each.Key, Stripped(each.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Stripped)]),
        _ => node?.DeepClone(),
    };

    private enum DraftState
    {
        Absent,
        Ours,
        Foreign,
    }
}
