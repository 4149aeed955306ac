using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>Claims in an etcd, wanted by entries of an Interlook, whose step <c>vip.externalip</c> would write what is written here.</summary>
public sealed class EtcdClaims : IClaimsPlace
{
    private const string Prefix = "/interlook/externalip/";

    /// <summary>The server.</summary>
    public EtcdServer Server { get; } = new();

    /// <inheritdoc/>
    public Uri Endpoint => Server.Url;

    /// <inheritdoc/>
    public IReadOnlyList<string> Flags => ["--etcd", Server.Url.AbsoluteUri];

    /// <inheritdoc/>
    public Task StartAsync() => Server.StartAsync();

    /// <inheritdoc/>
    public Task KillAsync() => Server.KillAsync();

    /// <inheritdoc/>
    public async Task AskAsync(string name, params IReadOnlyList<IPAddress> addresses)
    {
        foreach (var address in addresses)
        {
            var (cidr, key) = Of(address);
            var claim = new JsonObject
            {
                ["apiVersion"] = "ipcontroller.ext/v1",
                ["kind"] = "IpClaim",
                ["metadata"] = new JsonObject
                {
                    ["name"] = key,
                    ["ownerReferences"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "InterlookEntry",
                        ["name"] = name,
                        ["uid"] = $"laboratory/default/{name}",
                        ["controller"] = false,
                    }),
                },
                ["spec"] = new JsonObject { ["nodeName"] = "", ["cidr"] = cidr },
                ["status"] = new JsonObject { ["holder"] = "" },
            };
            await Server.ControlAsync("put", $"{Prefix}claims/{key}", claim.ToJsonString());
        }
    }

    /// <inheritdoc/>
    public Task WithdrawAsync(string name) => WithdrawAsync(claim => (string?)claim["metadata"]!["ownerReferences"]?[0]?["name"] == name);

    /// <inheritdoc/>
    public Task WithdrawAllAsync() => WithdrawAsync(_ => true);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlacedClaim>> ClaimsAsync() => [.. (await ReadAsync("claims/")).Select(each => PlacedClaim.Of(each.Value))];

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, JsonNode>> NodesAsync() => (await ReadAsync("nodes/")).ToDictionary(each => each.Key, each => each.Value);

    /// <inheritdoc/>
    public Task DeleteNodeAsync(string name) => Server.ControlAsync("del", $"{Prefix}nodes/{name}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>What a claim says, and its name: of IPv6 with all eight groups.</summary>
    private static (string Cidr, string Name) Of(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return ($"{address}/32", $"{address.ToString().Replace('.', '-')}-32");
        var groups = address.GetAddressBytes().Chunk(2).Select(pair => BinaryPrimitives.ReadUInt16BigEndian(pair).ToString("x", CultureInfo.InvariantCulture));
        return ($"{address}/128", $"{string.Join('-', groups)}-128");
    }

    /// <summary>As the step does: owner and node go in one write, and the holder writes itself out. Until nobody else wrote in between.</summary>
    private async Task WithdrawAsync(Func<JsonNode, bool> isMeant)
    {
        foreach (var (name, found) in (await ReadAsync("claims/")).Where(each => isMeant(each.Value)))
        {
            found["metadata"]!["ownerReferences"] = new JsonArray();
            found["spec"]!["nodeName"] = "";
            await Server.ControlAsync("put", $"{Prefix}claims/{name}", found.ToJsonString());
        }
    }

    private async Task<IReadOnlyList<(string Key, JsonNode Value)>> ReadAsync(string kind) =>
    [
        .. (await Server.ReadAsync())
            .Where(each => each.Key.StartsWith(Prefix + kind, StringComparison.Ordinal))
            .Select(each => (each.Key[(Prefix.Length + kind.Length)..], JsonNode.Parse(each.Value)!)),
    ];
}
