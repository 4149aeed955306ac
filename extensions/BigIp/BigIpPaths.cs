namespace Interlook.Extensions.BigIp;

/// <summary>The paths of a partition's objects, behind <c>/mgmt</c>.</summary>
/// <param name="partition">The partition.</param>
internal sealed class BigIpPaths(string partition)
{
    internal const string Pools = "/tm/ltm/pool";

    internal const string Virtuals = "/tm/ltm/virtual";

    internal const string Nodes = "/tm/ltm/node";

    internal const string Policies = "/tm/ltm/policy";

    internal const string Partitions = "/tm/auth/partition";

    internal const string Transactions = "/tm/transaction";

    /// <summary>The part of a query that leaves out other partitions' objects.</summary>
    internal string Filter => $"$filter=partition+eq+{partition}";

    /// <summary>An object of the partition.</summary>
    internal string Of(string collection, string name) => Of(collection, partition, name);

    /// <summary>An object of any partition. A percent sign stands before a route domain and is written as such.</summary>
    internal static string Of(string collection, string partition, string name) =>
        $"{collection}/~{partition}~{name.Replace("%", "%25", StringComparison.Ordinal)}";

    internal string RulesOf(string policy) => $"{Of(Policies, policy)}/rules";

    internal string Draft(string policy) => $"{Policies}/~{partition}~Drafts~{policy}";

    /// <summary>The full path of an object of the partition, as other objects name it.</summary>
    internal string Full(string name) => $"/{partition}/{name}";

    internal string FullDraft(string policy) => $"/{partition}/Drafts/{policy}";
}
