using Interlook.Extensions.Kubernetes.Access;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// The connection that requests to one API server go over, and those before it: made anew when certificate or authorities change, and when it
/// hangs. Safe for concurrent use.
/// </summary>
internal sealed class ApiConnections(ClusterAccess access, TimeProvider time, bool isReadOnly) : IDisposable
{
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private ApiConnection? current;
    private ApiConnection? former; // what runs on it ends within a watch's life, long before the next change
    private ApiConnection? hanging; // given up: cut off as soon as another answers
    private ConnectionDoubt? doubt;

    /// <summary>See <see cref="ApiTransport.StallPatience"/>.</summary>
    internal TimeSpan? StallPatience
    {
        get;
        set
        {
            field = value;
            doubt = value is { } patience ? new(patience) : null;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>Sends a request and waits for the headers of the answer.</summary>
    /// <param name="message">The request.</param>
    /// <param name="identity">Who we are.</param>
    /// <param name="stopping">Gives it up.</param>
    /// <exception cref="ExtensionException">A certificate or key cannot be used.</exception>
    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, Identity identity, CancellationToken stopping)
    {
        var on = For(identity);
        if (StallPatience is not { } patience)
            return await on.SendAsync(message, stopping);
        var begun = Now;
        await using var timer = time.CreateTimer(_ => Doubt(on, begun), null, patience, Timeout.InfiniteTimeSpan);
        var answer = await on.SendAsync(message, stopping);
        Trust(on);
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            current?.Dispose();
            former?.Dispose();
            hanging?.Dispose();
        }
    }

    private ApiConnection For(Identity identity)
    {
        var authorities = access.Authorities?.Read();
        lock (gate)
        {
            if (current is { } fitting && fitting.Serves(authorities, identity))
                return fitting;
            var made = new ApiConnection(access, authorities, identity, isReadOnly);
            if (current is not null)
            {
                former?.Dispose();
                former = current;
            }
            current = made;
            doubt?.Begin(Now);
            return made;
        }
    }

    private void Doubt(ApiConnection on, TimeSpan since)
    {
        lock (gate)
        {
            if (current != on || !doubt!.IsHanging(since, Now))
                return;
            hanging?.Cut();
            (hanging, current) = (on, null);
        }
    }

    /// <summary>It answers. When it came after another that still says nothing, then that was not the server's slowness: what waits there waits in vain.</summary>
    private void Trust(ApiConnection on)
    {
        ApiConnection? given;
        lock (gate)
        {
            if (hanging == on)
            {
                former?.Dispose();
                (former, hanging) = (on, null); // slow, and not dead
                return;
            }
            if (current != on)
                return;
            doubt!.Answer(Now);
            (given, hanging) = (hanging, null);
        }
        given?.Cut();
    }
}
