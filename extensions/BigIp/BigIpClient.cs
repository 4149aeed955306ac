using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>The appliance's calls, one method each. No decisions. Safe for concurrent use.</summary>
internal sealed class BigIpClient(BigIpSession session, BigIpPaths paths)
{
    private const string Expanded = "expandSubcollections=true";

    /// <summary>For messages.</summary>
    internal string Called => session.Called;

    internal async Task<IReadOnlyList<WirePool>> ReadPoolsAsync(CancellationToken stopping) => await ReadAllAsync(
        $"{BigIpPaths.Pools}?{paths.Filter}&{Expanded}", BigIpJson.Default.WireCollectionWirePool, "reading the pools", stopping);

    internal Task<WirePool?> ReadPoolAsync(string name, CancellationToken stopping) =>
        FindAsync($"{paths.Of(BigIpPaths.Pools, name)}?{Expanded}", BigIpJson.Default.WirePool, $"reading pool {name}", stopping);

    internal async Task<IReadOnlyList<WireVirtual>> ReadVirtualsAsync(CancellationToken stopping) => await ReadAllAsync(
        $"{BigIpPaths.Virtuals}?{paths.Filter}&{Expanded}", BigIpJson.Default.WireCollectionWireVirtual, "reading the virtual servers", stopping);

    internal Task<WireVirtual?> ReadVirtualAsync(string name, CancellationToken stopping) =>
        FindAsync($"{paths.Of(BigIpPaths.Virtuals, name)}?{Expanded}", BigIpJson.Default.WireVirtual, $"reading virtual server {name}", stopping);

    /// <summary>The nodes of all partitions: an address has only one among them.</summary>
    internal async Task<IReadOnlyList<WireNode>> ReadNodesAsync(CancellationToken stopping) => await ReadAllAsync(
        $"{BigIpPaths.Nodes}?$select=name,partition,address,description", BigIpJson.Default.WireCollectionWireNode, "reading the nodes", stopping);

    internal async Task<IReadOnlyList<WirePartition>> ReadPartitionsAsync(CancellationToken stopping) =>
        await ReadAllAsync(BigIpPaths.Partitions, BigIpJson.Default.WireCollectionWirePartition, "reading the partitions", stopping);

    internal Task<WirePolicy?> ReadPolicyAsync(string policy, CancellationToken stopping) =>
        FindAsync(paths.Of(BigIpPaths.Policies, policy), BigIpJson.Default.WirePolicy, $"reading policy {policy}", stopping);

    /// <returns>The rules of the published policy, with their conditions and actions; null when there is no such policy.</returns>
    internal async Task<IReadOnlyList<WireRule>?> ReadRulesAsync(string policy, CancellationToken stopping)
    {
        var rules = await FindAsync(
            $"{paths.RulesOf(policy)}?{Expanded}", BigIpJson.Default.WireCollectionWireRule, $"reading the rules of policy {policy}", stopping);
        return rules is null ? null : rules.Items ?? [];
    }

    /// <summary>Reads whatever is at a path, as it is.</summary>
    /// <returns>Null when nothing is there.</returns>
    internal async Task<byte[]?> ReadRawAsync(string path, string attempt, CancellationToken stopping)
    {
        var answer = await session.SendAsync(new(HttpMethod.Get, path, null, attempt), null, stopping);
        return answer.IsAbsence ? null : Expect(answer, attempt).Body;
    }

    /// <summary>Makes a change.</summary>
    /// <exception cref="ExtensionException">It is refused, or nobody knows whether it was made.</exception>
    internal async Task SendAsync(Operation operation, CancellationToken stopping) =>
        Expect(await session.SendAsync(operation, null, stopping), operation.Attempt);

    /// <summary>Deletes an object; one that is gone is as good.</summary>
    /// <returns>False when the appliance refuses, which it does while the object is in use.</returns>
    internal async Task<bool> TryDeleteAsync(string path, string attempt, CancellationToken stopping)
    {
        var answer = await session.SendAsync(new(HttpMethod.Delete, path, null, attempt), null, stopping);
        if (answer.Status == HttpStatusCode.BadRequest)
            return false;
        if (!answer.IsAbsence)
            Expect(answer, attempt);
        return true;
    }

    /// <summary>Deletes an object; one that is gone is as good.</summary>
    internal async Task DeleteAsync(string path, string attempt, CancellationToken stopping)
    {
        var answer = await session.SendAsync(new(HttpMethod.Delete, path, null, attempt), null, stopping);
        if (!answer.IsAbsence)
            Expect(answer, attempt);
    }

    /// <summary>Begins a transaction.</summary>
    /// <returns>Its number.</returns>
    internal async Task<string> BeginAsync(CancellationToken stopping)
    {
        const string Attempt = "beginning a transaction";
        var answer = Expect(await session.SendAsync(new(HttpMethod.Post, BigIpPaths.Transactions, "{}"u8.ToArray(), Attempt), null, stopping), Attempt);
        var begun = Read(answer, BigIpJson.Default.WireTransaction, Attempt);
        return begun.TransId?.ToString(CultureInfo.InvariantCulture)
            ?? throw BigIpFault.Malformed(new JsonException("it holds no transId"), $"{Called}: {Attempt} failed");
    }

    /// <summary>Adds a change to a transaction. Whether it is right shows at the commit only.</summary>
    /// <returns>False when the transaction is gone: the appliance waits for its commit for 30 seconds (120 in newer versions).</returns>
    internal async Task<bool> TryQueueAsync(Operation operation, string transaction, CancellationToken stopping)
    {
        var answer = await session.SendAsync(operation, transaction, stopping);
        return answer.Status != HttpStatusCode.NotFound && Expect(answer, operation.Attempt) is not null;
    }

    /// <summary>Carries out everything in a transaction, or nothing of it. The call itself does not belong to it and bears no header.</summary>
    /// <returns>False when the transaction is gone.</returns>
    internal async Task<bool> TryCommitAsync(string transaction, string attempt, CancellationToken stopping)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new() { State = "VALIDATING", ValidateOnly = false }, BigIpJson.Default.WireTransaction);
        var answer = await session.SendAsync(new(HttpMethod.Patch, $"{BigIpPaths.Transactions}/{transaction}", body, attempt), null, stopping);
        // What a change names and is not there is a 404 too, but one with a number.
        return (answer.Status != HttpStatusCode.NotFound || answer.IsAbsence) && Expect(answer, attempt) is not null;
    }

    /// <summary>Forgets a transaction that is not committed; it would end by itself.</summary>
    internal async Task AbandonAsync(string transaction, CancellationToken stopping) => await session.SendAsync(
        new(HttpMethod.Delete, $"{BigIpPaths.Transactions}/{transaction}", null, "abandoning a transaction"), null, stopping);

    private async Task<IReadOnlyList<T>> ReadAllAsync<T>(
        string path, JsonTypeInfo<WireCollection<T>> type, string attempt, CancellationToken stopping)
    {
        var answer = await session.SendAsync(new(HttpMethod.Get, path, null, attempt), null, stopping);
        return Read(Expect(answer, attempt), type, attempt).Items ?? [];
    }

    private async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, string attempt, CancellationToken stopping)
        where T : class
    {
        var answer = await session.SendAsync(new(HttpMethod.Get, path, null, attempt), null, stopping);
        return answer.IsAbsence ? null : Read(Expect(answer, attempt), type, attempt);
    }

    private BigIpAnswer Expect(BigIpAnswer answer, string attempt) =>
        answer.IsSuccess ? answer : throw BigIpFault.Of(answer, $"{Called}: {attempt} failed");

    private T Read<T>(BigIpAnswer answer, JsonTypeInfo<T> type, string attempt)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            throw BigIpFault.Malformed(problem, $"{Called}: {attempt} failed");
        }
    }
}
