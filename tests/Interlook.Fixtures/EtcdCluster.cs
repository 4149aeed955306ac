using System.Text.Json.Nodes;

namespace Interlook.Fixtures;

/// <summary>Three members of one real etcd on free ports of 127.0.0.1, each of which a test may kill and start again.</summary>
public sealed class EtcdCluster : IAsyncDisposable
{
    private readonly EtcdServer[] members = [new(), new(), new()];

    /// <summary>The members.</summary>
    public IReadOnlyList<EtcdServer> Members => members;

    /// <summary>Starts all members, and waits until each knows a leader.</summary>
    public Task StartAsync()
    {
        var cluster = string.Join(',', members.Select((member, i) => $"member{i}={Url(member.PeerUrl)}"));
        for (var i = 0; i < members.Length; i++)
            members[i].Flags = [$"--name=member{i}", $"--initial-cluster={cluster}", "--initial-cluster-token=under-test"]; // the last of two flags counts
        return Task.WhenAll(members.Select(member => member.StartAsync()));
    }

    /// <summary>The member that leads, as one of them says.</summary>
    public async Task<EtcdServer> FindLeaderAsync()
    {
        foreach (var member in members)
        {
            var status = JsonNode.Parse(await member.ControlAsync("endpoint", "status", "-w", "json"))![0]!["Status"]!;
            if ((ulong)status["leader"]! == (ulong)status["header"]!["member_id"]!)
                return member;
        }
        throw new InvalidOperationException("no member leads");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
            await member.DisposeAsync();
    }

    private static string Url(Uri url) => url.AbsoluteUri.TrimEnd('/');
}
