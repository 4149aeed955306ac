using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Interlook.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>
/// A daemon that speaks the Docker API on a unix socket or, with TLS, on loopback; it exists to force faults that a real one shows rarely.
/// </summary>
internal sealed class FakeDocker : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<string, FakeContainer> containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Channel<string>, bool> streams = new();
    private readonly ConcurrentQueue<string> requests = new();
    private readonly X509Certificate2? certificate;
    private readonly X509Certificate2? clientAuthority;
    private WebApplication? server;

    private FakeDocker(X509Certificate2? certificate, X509Certificate2? clientAuthority)
    {
        this.certificate = certificate;
        this.clientAuthority = clientAuthority;
        Port = certificate is null ? 0 : TestMachine.FreePort();
    }

    internal int Port { get; }

    internal string Endpoint => certificate is null ? $"unix://{SocketPath}" : $"tcp://127.0.0.1:{Port}";

    /// <summary>What it says its newest API is; null says nothing.</summary>
    internal string? Version { get; set; } = "1.41";

    /// <summary>More headers of its pings.</summary>
    internal Dictionary<string, string> PingHeaders { get; } = [];

    /// <summary>Swarm objects by path: services, tasks, nodes.</summary>
    internal ConcurrentDictionary<string, JsonArray> Swarm { get; } = new();

    /// <summary>The answer to /info.</summary>
    internal string Engine { get; set; } = """{"Swarm":{"LocalNodeState":"active","ControlAvailable":true}}""";

    /// <summary>Chooses a fault for a request, by its path and query; null answers as usual.</summary>
    internal Func<string, FakeFault?> Fault { get; set; } = _ => null;

    /// <summary>Every request so far: method, path and query.</summary>
    internal IReadOnlyCollection<string> Requests => requests;

    /// <summary>How many event streams are open.</summary>
    internal int Streams => streams.Count;

    private string SocketPath => folder.File("docker.sock");

    internal static async Task<FakeDocker> StartAsync(X509Certificate2? certificate = null, X509Certificate2? clientAuthority = null)
    {
        var docker = new FakeDocker(certificate, clientAuthority);
        await docker.StartAsync();
        return docker;
    }

    internal int Count(string part) => requests.Count(request => request.Contains(part, StringComparison.Ordinal));

    internal void ForgetRequests() => requests.Clear();

    /// <summary>Adds or changes a container and, unless told otherwise, says so in the event streams.</summary>
    internal void Put(FakeContainer container, string? action = "start")
    {
        containers[container.Id] = container;
        if (action is not null)
            Say(container.Event(action).ToJsonString());
    }

    internal void Remove(string id, bool silently = false)
    {
        if (containers.TryRemove(id, out var container) && !silently)
        {
            Say(container.Event("die").ToJsonString());
            Say(container.Event("destroy").ToJsonString());
        }
    }

    internal FakeContainer? Find(string id) => containers.GetValueOrDefault(id);

    /// <summary>Sends a line to every event stream.</summary>
    internal void Say(string line) => SayRaw(line + "\n");

    internal void SayRaw(string text)
    {
        foreach (var stream in streams.Keys)
            stream.Writer.TryWrite(text);
    }

    /// <summary>Ends every event stream in good order.</summary>
    internal void EndStreams()
    {
        foreach (var stream in streams.Keys)
            stream.Writer.TryComplete();
    }

    internal async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (certificate is null)
            {
                File.Delete(SocketPath);
                kestrel.ListenUnixSocket(SocketPath);
                return;
            }
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                if (clientAuthority is null)
                    return;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, _, _) => client.Issuer == clientAuthority.Subject;
            }));
        });
        server = builder.Build();
        server.Run(AnswerAsync);
        await server.StartAsync();
    }

    /// <summary>Stops listening and cuts every connection; what it holds survives.</summary>
    internal async Task StopAsync()
    {
        if (server is not { } running)
            return;
        server = null;
        foreach (var stream in streams.Keys)
            stream.Writer.TryComplete(new IOException("cut"));
        await running.StopAsync(new CancellationToken(canceled: true));
        await running.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value + http.Request.QueryString.Value;
        requests.Enqueue($"{http.Request.Method} {Uri.UnescapeDataString(path)}");
        var fault = Fault(path);
        if (fault is not null && fault.Body is null && !fault.IsCut)
        {
            await fault.ShowAsync(http);
            return;
        }
        if (path == "/_ping")
        {
            Ping(http);
            return;
        }
        var resource = http.Request.Path.Value!.Split('/', 3) is [_, _, var rest] ? rest : "";
        if (resource == "events")
        {
            await StreamAsync(http);
            return;
        }
        var body = fault?.Body ?? Find(resource, http.Request.Query)?.ToJsonString();
        if (body is null)
        {
            http.Response.StatusCode = 404;
            body = """{"message":"no such object"}""";
        }
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = bytes.Length;
        if (fault?.IsCut is true)
        {
            await http.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await http.Response.Body.FlushAsync();
            http.Abort();
            return;
        }
        await http.Response.Body.WriteAsync(bytes);
    }

    private void Ping(HttpContext http)
    {
        if (Version is not null)
            http.Response.Headers["Api-Version"] = Version;
        foreach (var (name, value) in PingHeaders)
            http.Response.Headers[name] = value;
    }

    private JsonNode? Find(string resource, IQueryCollection query)
    {
        switch (resource.Split('/'))
        {
            case ["containers", "json"]:
                var labels = Filter(query, "label");
                return new JsonArray([.. containers.Values.Where(container => labels.All(label => Has(container.Labels, label))).Select(container => container.Summary())]);
            case ["containers", var id, "json"]:
                return containers.GetValueOrDefault(id)?.Inspect();
            case ["info"]:
                return JsonNode.Parse(Engine);
            case [("services" or "tasks" or "nodes") and var objects]:
                return new JsonArray([.. (Swarm.GetValueOrDefault(objects) ?? []).Where(item => IsAsked(item!, query)).Select(item => item!.DeepClone())]);
            default:
                return null;
        }
    }

    private async Task StreamAsync(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        var lines = Channel.CreateUnbounded<string>();
        streams[lines] = true;
        await http.Response.Body.FlushAsync();
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(line, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (Exception cut) when (cut is OperationCanceledException or IOException)
        {
            http.Abort();
        }
        finally
        {
            streams.TryRemove(lines, out _);
        }
    }

    private static string[] Filter(IQueryCollection query, string name)
    {
        using var filters = JsonDocument.Parse(query["filters"].FirstOrDefault() ?? "{}");
        return filters.RootElement.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [];
    }

    private static bool IsAsked(JsonNode item, IQueryCollection query)
    {
        var labels = (item["Spec"]?["Labels"]?.AsObject() ?? []).ToDictionary(label => label.Key, label => label.Value!.GetValue<string>());
        string? Text(JsonNode? node) => node?.GetValue<string>();
        bool Any(string filter, Func<string, bool> isIt) => Filter(query, filter) is not { Length: > 0 } values || values.Any(isIt);
        return Filter(query, "label").All(label => Has(labels, label))
            && Any("name", prefix => Text(item["Spec"]?["Name"])?.StartsWith(prefix, StringComparison.Ordinal) is true)
            && Any("id", id => Text(item["ID"]) == id)
            && Any("service", service => Text(item["ServiceID"]) == service)
            && Any("desired-state", state => Text(item["DesiredState"]) == state);
    }

    private static bool Has(IReadOnlyDictionary<string, string> labels, string label) => label.Split('=', 2) switch
    {
        [var key, var value] => labels.TryGetValue(key, out var has) && has == value,
        _ => labels.ContainsKey(label),
    };
}
