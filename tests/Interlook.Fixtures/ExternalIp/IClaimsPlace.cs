using System.Net;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>Where the claims of a <see cref="VipLaboratory"/> are kept: a real server, and what a user does there.</summary>
public interface IClaimsPlace : IAsyncDisposable
{
    /// <summary>The server, on 127.0.0.1.</summary>
    Uri Endpoint { get; }

    /// <summary>The flags by which the program finds it.</summary>
    IReadOnlyList<string> Flags { get; }

    /// <summary>Starts the server, unless it runs. Skips the test where there is none.</summary>
    Task StartAsync();

    /// <summary>Ends the server at once; what it holds stays.</summary>
    Task KillAsync();

    /// <summary>Asks for addresses.</summary>
    /// <param name="name">Who wants them.</param>
    /// <param name="addresses">The addresses.</param>
    Task AskAsync(string name, params IReadOnlyList<IPAddress> addresses);

    /// <summary>Asks for them no longer.</summary>
    Task WithdrawAsync(string name);

    /// <summary>Withdraws everything that anybody asks for.</summary>
    Task WithdrawAllAsync();

    /// <summary>The claims.</summary>
    Task<IReadOnlyList<PlacedClaim>> ClaimsAsync();

    /// <summary>The nodes' records by name.</summary>
    Task<IReadOnlyDictionary<string, JsonNode>> NodesAsync();

    /// <summary>Deletes a node's record.</summary>
    Task DeleteNodeAsync(string name);
}
