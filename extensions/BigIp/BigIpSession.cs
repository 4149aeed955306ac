using System.Net;
using System.Text.Json;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>
/// Sends requests with a token: one for all, renewed before it ends, given back at the end, because a user may hold about a hundred.
/// Safe for concurrent use.
/// </summary>
internal sealed class BigIpSession : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromSeconds(1200);

    private readonly BigIpOptions options;
    private readonly BigIpTransport transport;
    private readonly TimeProvider time;
    private readonly CancellationToken stopped;
    private readonly SemaphoreSlim gate = new(1);
    private HeldToken? held;

    /// <param name="options">The settings.</param>
    /// <param name="transport">Sends.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopped">Ends a login. A caller's own end does not: the appliance might have given the token that nobody gives back.</param>
    internal BigIpSession(BigIpOptions options, BigIpTransport transport, TimeProvider time, CancellationToken stopped)
    {
        this.options = options;
        this.transport = transport;
        this.time = time;
        this.stopped = stopped;
        if (options.AuthToken is { } given)
            held = new(given.Reveal(), null, true);
    }

    /// <summary>For messages.</summary>
    internal string Called => transport.Called;

    /// <summary>Sends a request; when its token is refused, once more with a new one.</summary>
    /// <exception cref="ExtensionException">There was no whole answer, or no token.</exception>
    internal async Task<BigIpAnswer> SendAsync(Operation operation, string? transaction, CancellationToken stopping)
    {
        var token = await TokenAsync(null, stopping);
        var answer = await transport.SendAsync(operation, token, transaction, stopping);
        if (answer.Status != HttpStatusCode.Unauthorized)
            return answer;
        token = await TokenAsync(token, stopping);
        return await transport.SendAsync(operation, token, transaction, stopping);
    }

    /// <summary>Gives the token back. What fails here harms nobody: the token ends by itself.</summary>
    internal async Task EndAsync(CancellationToken stopping)
    {
        if (Interlocked.Exchange(ref held, null) is { IsGiven: false } token)
            await ReleaseAsync(token, stopping);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<string> TokenAsync(string? refused, CancellationToken stopping)
    {
        if (Usable(refused) is { } token)
            return token;
        await gate.WaitAsync(stopping);
        try
        {
            if (Usable(refused) is { } renewed)
                return renewed; // by another call that waited before us
            var before = held;
            var fresh = await LoginAsync(before is { IsGiven: true });
            held = fresh;
            if (before is { IsGiven: false } && before.Text != refused)
                await ReleaseAsync(before, stopping);
            return fresh.Text;
        }
        finally
        {
            gate.Release();
        }
    }

    private string? Usable(string? refused) =>
        held is { } token && token.Text != refused && (token.RenewAt is not { } end || time.GetTimestamp() < end) ? token.Text : null;

    private async Task<HeldToken> LoginAsync(bool givenFailed)
    {
        const string Attempt = "logging in";
        if (options.Password is not { } password)
        {
            throw new ExtensionException(
                Reason.Unauthorized, $"{Called}: authToken{(givenFailed ? " is refused" : "")}; put a new one there, or username and passwordFile");
        }
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WireLogin(options.Username, password.Reveal(), options.AuthProvider), BigIpJson.Default.WireLogin);
        var before = time.GetTimestamp();
        var answer = await transport.SendAsync(new(HttpMethod.Post, "/shared/authn/login", body, Attempt), null, null, stopped);
        var attempt = $"{Called}: {Attempt} as {options.Username} failed";
        if (answer.Status == HttpStatusCode.BadRequest)
        {
            throw new ExtensionException(
                Reason.Exhausted,
                $"{attempt}: {Connections.HttpFailure.Shorten(answer.Problem?.Message ?? "400")}; "
                + "delete tokens of this user, or give Interlook a user of its own");
        }
        if (!answer.IsSuccess)
            throw BigIpFault.Of(answer, attempt);
        try
        {
            if (JsonSerializer.Deserialize(answer.Body, BigIpJson.Default.WireLoginAnswer)?.Token is { Token: { Length: > 0 } text } token)
                return new(text, before + Ticks(token.Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : UsualLifetime), false);
            throw new JsonException("it holds no token");
        }
        catch (JsonException problem)
        {
            throw BigIpFault.Malformed(problem, attempt);
        }
    }

    private long Ticks(TimeSpan lifetime)
    {
        var usable = lifetime - (Margin < lifetime / 4 ? Margin : lifetime / 4);
        return (long)(usable.TotalSeconds * time.TimestampFrequency);
    }

    private async Task ReleaseAsync(HeldToken token, CancellationToken stopping)
    {
        try
        {
            var release = new Operation(HttpMethod.Delete, $"/shared/authz/tokens/{token.Text}", null, "giving back the token");
            await transport.SendAsync(release, token.Text, null, stopping);
        }
        catch (ExtensionException)
        {
            // It ends by itself.
        }
    }

    /// <param name="Text">The token.</param>
    /// <param name="RenewAt">The timestamp from which another is fetched; null for never.</param>
    /// <param name="IsGiven">It is somebody else's, from the settings.</param>
    private sealed record HeldToken(string Text, long? RenewAt, bool IsGiven);
}
