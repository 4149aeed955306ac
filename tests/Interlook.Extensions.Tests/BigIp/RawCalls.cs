using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Interlook.Simulators;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>Plain calls to the simulator, without any of the client's code.</summary>
internal sealed class RawCalls(RunningAppliance running) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = running.Url };

    /// <summary>What the next calls bear; null for nothing.</summary>
    internal string? Token { get; set; }

    /// <summary>The transaction that the next calls belong to; null for none.</summary>
    internal string? Transaction { get; set; }

    /// <summary>Logs in, and bears the token from then on.</summary>
    internal async Task LoginAsync() =>
        Token = (string?)(await OkAsync("POST", "/shared/authn/login", Credentials()))["token"]!["token"];

    internal static string Credentials(string password = "restaccess") =>
        $$"""{"username":"api","password":"{{password}}","loginProviderName":"tmos"}""";

    /// <summary>Makes a call that succeeds.</summary>
    internal async Task<JsonObject> OkAsync(string method, string path, string? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status == 200, $"{method} {path} {body}: {status} {answer.ToJsonString()}");
        return answer;
    }

    /// <summary>Makes a call that is refused: <c>400 01070333:3: Virtual …</c>.</summary>
    internal async Task<string> RefusedAsync(string method, string path, string? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status >= 400, $"{method} {path} {body}: {status}");
        Assert.Equal(status, (int)answer["code"]!);
        return $"{status} {(string?)answer["message"]}";
    }

    internal async Task<(int Status, JsonObject Answer)> SendAsync(string method, string path, string? body = null, AuthenticationHeaderValue? basic = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/mgmt{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (Token is not null)
            request.Headers.Add("X-F5-Auth-Token", Token);
        if (Transaction is not null)
            request.Headers.Add("X-F5-REST-Coordination-Id", Transaction);
        request.Headers.Authorization = basic;
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text == "" ? [] : JsonNode.Parse(text)!.AsObject());
    }

    public void Dispose() => http.Dispose();
}
