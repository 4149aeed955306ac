using System.Text;
using Interlook.Simulators;
using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>Writes down what a client and an appliance say to each other, as a capture would show it; secrets as stars.</summary>
internal sealed class RecordedExchanges(IAppliance appliance) : IAppliance
{
    private readonly StringBuilder text = new();

    /// <summary>Takes what was said since the last time.</summary>
    internal string Take()
    {
        var taken = text.ToString();
        text.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public async Task AnswerAsync(HttpContext exchange)
    {
        var (outer, inner) = (exchange.Response.Body, new MemoryStream());
        using var reader = new StreamReader(exchange.Request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(exchange.RequestAborted);
        exchange.Request.Body.Position = 0;
        exchange.Response.Body = inner;
        await appliance.AnswerAsync(exchange);
        text.Append($"{exchange.Request.Method} {exchange.Request.Path}{exchange.Request.QueryString}\n");
        if (exchange.Request.Headers.Authorization is { Count: > 0 } authorization)
            text.Append($"Authorization: {authorization.ToString().Split(' ')[0]} ***\n");
        if (body != "")
            text.Append($"Content-Type: {exchange.Request.ContentType}\n\n{body.Replace("apiPassw0rd", "***", StringComparison.Ordinal)}\n");
        text.Append($"\nHTTP {exchange.Response.StatusCode}\nContent-Type: {exchange.Response.ContentType}\n\n{Encoding.Latin1.GetString(inner.ToArray()).TrimEnd()}\n\n");
        inner.Position = 0;
        await inner.CopyToAsync(outer);
    }

    /// <inheritdoc/>
    public void Restart() => appliance.Restart();
}
