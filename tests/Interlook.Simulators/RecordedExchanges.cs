using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Interlook.Simulators;

/// <summary>
/// Writes down what a client and an appliance say to each other, as a person would lay it beside a capture: the headers that say who asks and what belongs
/// together, JSON in lines, secrets as stars. Safe for concurrent use; exchanges stand in the order of their answers.
/// </summary>
/// <param name="appliance">Whose answers.</param>
/// <param name="secrets">What is shown as stars wherever it stands in a request.</param>
public sealed class RecordedExchanges(IAppliance appliance, params string[] secrets) : IAppliance
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly Lock gate = new();
    private readonly StringBuilder text = new();

    /// <summary>Takes what was said since the last time.</summary>
    public string Take()
    {
        lock (gate)
        {
            var taken = text.ToString();
            text.Clear();
            return taken;
        }
    }

    /// <inheritdoc/>
    public async Task AnswerAsync(HttpContext exchange)
    {
        using var reader = new StreamReader(exchange.Request.Body, Encoding.UTF8, leaveOpen: true);
        var asked = await reader.ReadToEndAsync(exchange.RequestAborted);
        exchange.Request.Body.Position = 0;
        var wire = exchange.Response.Body;
        using var kept = new MemoryStream();
        exchange.Response.Body = kept;
        await appliance.AnswerAsync(exchange);
        exchange.Response.Body = wire;
        lock (gate)
            text.Append(Shown(exchange, asked, kept.ToArray()));
        await wire.WriteAsync(kept.ToArray(), exchange.RequestAborted);
    }

    /// <inheritdoc/>
    public void Restart() => appliance.Restart();

    private string Shown(HttpContext exchange, string asked, byte[] answered)
    {
        var (request, answer) = (exchange.Request, exchange.Response);
        var shown = new StringBuilder();
        shown.Append(CultureInfo.InvariantCulture, $"{request.Method} {request.Path}{request.QueryString}\n");
        if (request.Headers.Authorization is { Count: > 0 } authorization)
            shown.Append(CultureInfo.InvariantCulture, $"Authorization: {authorization.ToString().Split(' ')[0]} ***\n");
        foreach (var (name, value) in request.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)).OrderBy(header => header.Key, StringComparer.Ordinal))
            shown.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
        if (asked != "")
            shown.Append(CultureInfo.InvariantCulture, $"Content-Type: {request.ContentType}\n\n{Body(request.ContentType, asked)}\n");
        foreach (var secret in secrets)
            shown.Replace(secret, "***");
        shown.Append(CultureInfo.InvariantCulture, $"\nHTTP {answer.StatusCode}\n");
        if (answered.Length > 0)
            shown.Append(CultureInfo.InvariantCulture, $"Content-Type: {answer.ContentType}\n\n{Body(answer.ContentType, Text(answered))}\n");
        return shown.Append('\n').ToString();
    }

    // An appliance may say one encoding and write another.
    private static string Text(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static string Body(string? type, string text)
    {
        if (type?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) is not true)
            return text.TrimEnd();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
            JsonNode.Parse(text)!.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
