using System.Text.Json;
using System.Text.Json.Nodes;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// Changes rules of a published policy: a draft is made of it, changed rule by rule, and published. Rules of others are never sent, so they
/// stay as they are. For one caller at a time.
/// </summary>
internal sealed class PolicyPublisher(BigIpClient client, BigIpPaths paths, OwnershipMark mark)
{
    // What differs between a draft and what it was made of without anybody's doing.
    private static readonly HashSet<string> Volatile =
        ["generation", "selfLink", "link", "fullPath", "subPath", "status", "lastModified", "draftCopy", "publishedCopy"];

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
                    await client.SendAsync(change.Operation, null, stopping);
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
            await client.SendAsync(
                new(HttpMethod.Post, BigIpPaths.Policies, JsonSerializer.SerializeToUtf8Bytes(body, BigIpJson.Default.WireCommand), $"publishing policy {paths.Full(policy)}"),
                null, stopping);
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
        var body = JsonSerializer.SerializeToUtf8Bytes(new WirePolicy { CreateDraft = true }, BigIpJson.Default.WirePolicy);
        return client.SendAsync(
            new(HttpMethod.Patch, paths.Of(BigIpPaths.Policies, policy), body, $"making a draft of policy {paths.Full(policy)}"), null, stopping);
    }

    private Task DropAsync(string policy, CancellationToken stopping) =>
        client.DeleteAsync(paths.Draft(policy), $"deleting the draft of policy {paths.Full(policy)}", stopping);

    /// <summary>
    /// Removes a draft that was left over: ours, when it differs from the published policy in rules of ours alone, or in nothing. In any
    /// other a person may be at work.
    /// </summary>
    private async Task RecoverAsync(string policy, ExtensionException refusal, CancellationToken stopping)
    {
        var draft = await ReadForeignAsync(paths.Draft(policy), stopping);
        if (draft is null)
            throw refusal;
        var published = await ReadForeignAsync(paths.Of(BigIpPaths.Policies, policy), stopping);
        if (!JsonNode.DeepEquals(draft, published))
        {
            throw new ExtensionException(
                Reason.Conflict,
                $"{client.Called}: policy {paths.Full(policy)} has a draft with changes of somebody else; publish or delete {paths.FullDraft(policy)}",
                innerException: refusal);
        }
        await DropAsync(policy, stopping);
    }

    /// <summary>A policy without what is ours or changes by itself.</summary>
    private async Task<JsonNode?> ReadForeignAsync(string path, CancellationToken stopping)
    {
        const string Attempt = "comparing a draft with its policy";
        var policy = await client.ReadRawAsync(path, Attempt, stopping);
        var rules = await client.ReadRawAsync($"{path}/rules?expandSubcollections=true", Attempt, stopping);
        if (policy is null || rules is null)
            return null;
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
            .Where(each => !Volatile.Contains(each.Key))
            .Select(each => KeyValuePair.Create(each.Key, Stripped(each.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Stripped)]),
        _ => node?.DeepClone(),
    };
}
