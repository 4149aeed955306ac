using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Interlook.Host.Commands;

/// <summary>The API of an Interlook that runs, as the reading commands see it.</summary>
internal sealed class RunningInterlook : IDisposable
{
    private readonly HttpClient http;

    internal RunningInterlook(Uri url, string? token)
    {
        http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(10) };
        if (!string.IsNullOrEmpty(token))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Reads a resource.</summary>
    /// <returns>The JSON text.</returns>
    /// <exception cref="CommandFailedException">There is no answer, or it is not what was asked for.</exception>
    internal Task<string> ReadAsync(string path, CancellationToken stopping) => AskAsync(HttpMethod.Get, path, stopping);

    /// <summary>Gives a command.</summary>
    /// <returns>The JSON text.</returns>
    /// <exception cref="CommandFailedException">There is no answer, or it is a refusal.</exception>
    internal Task<string> CommandAsync(string path, CancellationToken stopping) => AskAsync(HttpMethod.Post, path, stopping);

    private async Task<string> AskAsync(HttpMethod method, string path, CancellationToken stopping)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            using var answer = await http.SendAsync(request, stopping);
            var body = await answer.Content.ReadAsStringAsync(stopping);
            return answer.IsSuccessStatusCode ? body : throw new CommandFailedException(Refusal(answer.StatusCode, path, body));
        }
        catch (Exception failure) when (Explain(failure, stopping) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Opens a resource that has no end.</summary>
    /// <exception cref="CommandFailedException">There is no answer, or it is not what was asked for.</exception>
    internal async Task<Stream> OpenAsync(string path, CancellationToken stopping)
    {
        HttpResponseMessage? answer = null;
        try
        {
            answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stopping);
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadAsStreamAsync(stopping);
            throw new CommandFailedException(Refusal(answer.StatusCode, path, await answer.Content.ReadAsStringAsync(stopping)));
        }
        catch (Exception failure)
        {
            answer?.Dispose();
            if (Explain(failure, stopping) is { } explained)
                throw explained;
            throw;
        }
    }

    /// <summary>Reads a JSON text that the API gave.</summary>
    internal JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException failure)
        {
            throw new CommandFailedException($"what answers at {http.BaseAddress} is not Interlook: its answer is not JSON", failure);
        }
    }

    public void Dispose() => http.Dispose();

    private CommandFailedException? Explain(Exception failure, CancellationToken stopping) => failure switch
    {
        HttpRequestException =>
            new CommandFailedException($"no Interlook answers at {http.BaseAddress}: {failure.Message}. Is it running? Name another with --url.", failure),
        OperationCanceledException when !stopping.IsCancellationRequested =>
            new CommandFailedException($"{http.BaseAddress} did not answer within {http.Timeout.TotalSeconds:0} seconds", failure),
        _ => null,
    };

    private string Refusal(HttpStatusCode status, string path, string body) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{http.BaseAddress} wants a token: set INTERLOOK_TOKEN",
        _ when Detail(body) is { } detail => detail,
        HttpStatusCode.NotFound => $"{http.BaseAddress} knows no {path}",
        _ => $"{http.BaseAddress} answers {(int)status} for {path}",
    };

    // Problem details, RFC 9457: 'detail' is the sentence for people.
    private static string? Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.ValueKind == JsonValueKind.Object ? problem.RootElement.Text("detail") is { Length: > 0 } detail ? detail : null : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
