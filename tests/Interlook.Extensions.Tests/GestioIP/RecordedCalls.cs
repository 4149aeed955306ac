using System.Text;
using Interlook.Simulators;
using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>Writes down what a client and an appliance say to each other, as a capture would show it; the password as stars.</summary>
internal sealed class RecordedCalls(IAppliance appliance) : IAppliance
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
        var request = exchange.Request;
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(exchange.RequestAborted);
        request.Body.Position = 0;
        var (outer, inner) = (exchange.Response.Body, new MemoryStream());
        exchange.Response.Body = inner;
        await appliance.AnswerAsync(exchange);
        exchange.Response.Body = outer;
        await outer.WriteAsync(inner.ToArray(), exchange.RequestAborted);

        text.Append($"{request.Method} {request.Path}{request.QueryString}\nAuthorization: {request.Headers.Authorization.ToString().Split(' ')[0]} ***\n");
        if (body != "")
            text.Append($"Content-Type: {request.ContentType}\n\n{body}\n");
        text.Append($"\nHTTP {exchange.Response.StatusCode}\nContent-Type: {exchange.Response.ContentType}\n\n{Encoding.UTF8.GetString(inner.ToArray()).TrimEnd()}\n\n");
    }

    /// <inheritdoc/>
    public void Restart() => appliance.Restart();
}
