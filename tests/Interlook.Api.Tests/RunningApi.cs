using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Interlook.Configuration;
using Interlook.Specification;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interlook.Api.Tests;

/// <summary>The API over a fake engine, listening on a free loopback port, and a client for it.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private readonly ApiServer server;

    private RunningApi(ApiServer server, FakeEngine engine, ManualTimeProvider time)
    {
        this.server = server;
        Engine = engine;
        Time = time;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.EndPoint.Port}") };
    }

    public FakeEngine Engine { get; }

    public ManualTimeProvider Time { get; }

    public HttpClient Client { get; }

    public static async Task<RunningApi> StartAsync(
        FakeEngine engine,
        string? token = null,
        IPAddress? address = null,
        ILoggerFactory? loggers = null)
    {
        var time = new ManualTimeProvider();
        var options = new ApiOptions
        {
            ListenAddress = address ?? IPAddress.Loopback,
            ListenPort = 0,
            ApiToken = token is null ? null : new Secret(token),
            Version = "1.2.3+0a1b2c3",
        };
        var server = new ApiServer(options, engine, time, loggers ?? NullLoggerFactory.Instance);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new RunningApi(server, engine, time);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await JsonOf(answer));
    }

    public Task<string> GetTextAsync(string path) => Client.GetStringAsync(path, TestContext.Current.CancellationToken);

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string? token = null)
    {
        using var answer = await PostRawAsync(path, token);
        return (answer.StatusCode, await JsonOf(answer));
    }

    public async Task<HttpResponseMessage> PostRawAsync(string path, string? token = null, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        headers?.Invoke(request.Headers);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request line as it is, which no client class would.</summary>
    public async Task<string> RawAsync(string requestLine)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.EndPoint, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var request = $"{requestLine}\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => server.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await server.DisposeAsync();
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}
