using System.Text;
using System.Text.Json;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>
/// A credential that a program gives (Kubernetes documentation, "client-go credential plugins"): asked for the first time, shortly before the
/// credential ends, and when the server refuses it. One run serves everybody who waits. Safe for concurrent use.
/// </summary>
internal sealed class ExecCredential : ICredential, IDisposable
{
    private const string Group = "client.authentication.k8s.io";

    /// <summary>How long before its end a credential is renewed; of a short one, a fifth of its life.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim running = new(1);
    private readonly ExecProgram program;
    private readonly TimeProvider time;
    private readonly string version;
    private readonly string origin;
    private readonly string attempt;
    private readonly string request;
    private volatile Held? held;

    /// <exception cref="ExtensionException">The plugin cannot be used here.</exception>
    internal ExecCredential(KubeconfigExec exec, byte[] cluster, string folder, string origin, Surroundings surroundings, TimeProvider time)
    {
        this.time = time;
        this.origin = origin;
        attempt = $"asking the credential plugin '{exec.Command}' of {origin} failed";
        version = exec.ApiVersion is $"{Group}/v1" or $"{Group}/v1beta1"
            ? exec.ApiVersion
            : throw Unusable($"its apiVersion '{exec.ApiVersion}' is not known; use {Group}/v1 or {Group}/v1beta1");
        if (string.IsNullOrEmpty(exec.Command))
            throw Unusable("it has no command; add one");
        if (exec.InteractiveMode == "Always")
            throw Unusable("it needs a terminal (interactiveMode: Always), and Interlook has none; use another way to sign in");
        program = new(exec, folder, surroundings, time);
        request = Request(exec.ProvideClusterInfo ? cluster : null);
    }

    /// <inheritdoc/>
    public async ValueTask<Identity> ReadAsync(CancellationToken stopping)
    {
        if (Current() is { } known)
            return known;
        await running.WaitAsync(stopping);
        try
        {
            if (Current() is { } meanwhile)
                return meanwhile;
            var status = Read(await program.RunAsync(request, attempt, stopping));
            var identity = Identify(status);
            held = new(identity, RenewalOf(status));
            return identity;
        }
        finally
        {
            running.Release();
        }
    }

    /// <inheritdoc/>
    public bool Refuse(Identity refused)
    {
        if (held is { } now && ReferenceEquals(now.Identity, refused))
            held = null;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => running.Dispose();

    private Identity? Current() => held is { } now && (now.Renewal is not { } due || time.GetUtcNow() < due) ? now.Identity : null;

    private DateTimeOffset? RenewalOf(ExecAnswerStatus status)
    {
        if (status.ExpirationTimestamp is not { } end)
            return null;
        var fifth = (end - time.GetUtcNow()) / 5;
        return end - (fifth < Ahead ? fifth : Ahead);
    }

    private ExecAnswerStatus Read(string printed)
    {
        ExecAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(printed, ExecJson.Default.ExecAnswer);
        }
        catch (JsonException)
        {
            throw Malformed("what it printed is not JSON"); // and may hold a token: nothing of it is shown
        }
        if (answer is not { Kind: "ExecCredential" } || answer.ApiVersion != version)
            throw Malformed($"what it printed is no ExecCredential of {version}");
        return answer.Status is { } status && (!string.IsNullOrEmpty(status.Token) || !string.IsNullOrEmpty(status.ClientCertificateData))
            ? status
            : throw Malformed("what it printed holds neither a token nor a client certificate");
    }

    private Identity Identify(ExecAnswerStatus status)
    {
        var hasCertificate = !string.IsNullOrEmpty(status.ClientCertificateData);
        if (hasCertificate == string.IsNullOrEmpty(status.ClientKeyData))
            throw Malformed("what it printed holds a client certificate without its key, or a key alone");
        return new Identity
        {
            Authorization = string.IsNullOrEmpty(status.Token) ? null : Identity.Bearer(status.Token, origin),
            Certificate = hasCertificate ? status.ClientCertificateData : null,
            Key = hasCertificate ? status.ClientKeyData : null,
        };
    }

    private string Request(byte[]? cluster)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", version);
            json.WriteString("kind", "ExecCredential");
            json.WriteStartObject("spec");
            json.WriteBoolean("interactive", false);
            if (cluster is not null)
            {
                json.WritePropertyName("cluster");
                json.WriteRawValue(cluster);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private ExtensionException Unusable(string problem) => new(Reason.Invalid, $"{attempt}: {problem}");

    private ExtensionException Malformed(string problem) => new(Reason.Malformed, $"{attempt}: {problem}; run it by hand and look");

    /// <param name="Identity">What the program gave.</param>
    /// <param name="Renewal">When to ask again; null when only the server's refusal says so.</param>
    private sealed record Held(Identity Identity, DateTimeOffset? Renewal);
}
