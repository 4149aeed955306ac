using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>Calls of an API server by the hand of one user: what a test does beside the client that it tests. Safe for concurrent use.</summary>
public sealed class KubernetesApi : IDisposable
{
    private readonly HttpClient http;

    internal KubernetesApi(Uri endpoint, X509Certificate2 authority, string token)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } })
        {
            BaseAddress = endpoint,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Reads an object or a list.</summary>
    /// <param name="path">From the first slash, with its query.</param>
    public Task<JsonNode> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    /// <summary>Creates an object.</summary>
    /// <param name="path">The collection, <c>/api/v1/nodes</c>.</param>
    /// <param name="body">The object.</param>
    /// <returns>What the server made of it.</returns>
    public Task<JsonNode> CreateAsync(string path, JsonObject body) => CallAsync(HttpMethod.Post, path, body);

    /// <summary>Replaces an object, or a part of it such as its <c>/status</c>.</summary>
    /// <param name="path">The object.</param>
    /// <param name="body">What it is to be.</param>
    public Task<JsonNode> ReplaceAsync(string path, JsonObject body) => CallAsync(HttpMethod.Put, path, body);

    /// <summary>Changes some members of an object (RFC 7386).</summary>
    /// <param name="path">The object, or a part of it such as its <c>/status</c>.</param>
    /// <param name="changes">The members; null removes one.</param>
    public Task<JsonNode> MergeAsync(string path, JsonObject changes) => CallAsync(HttpMethod.Patch, path, changes, "application/merge-patch+json");

    /// <summary>Removes an object.</summary>
    /// <param name="path">The object.</param>
    public Task DeleteAsync(string path) => CallAsync(HttpMethod.Delete, path);

    /// <summary>Asks without an opinion about the answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">From the first slash, with its query.</param>
    /// <param name="body">What to send, if anything.</param>
    /// <param name="type">What the body is.</param>
    /// <returns>The status, and what came with it.</returns>
    public async Task<(HttpStatusCode Status, string Text)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, JsonNode? body = null, string type = "application/json")
    {
        var (status, text) = await SendAsync(method, path, body, type);
        return (int)status is >= 200 and < 300
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path}: {(int)status} {text}");
    }
}
