using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interlook.Simulators;
using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>Writes down requests and answers as a person would compare them with a capture.</summary>
internal sealed class RecordingAppliance(IAppliance appliance) : IAppliance
{
    private static readonly string[] Shown = ["X-F5-Auth-Token", "X-F5-REST-Coordination-Id"];

    private readonly Lock gate = new();
    private readonly StringBuilder text = new();

    /// <summary>What was written down since the last time.</summary>
    internal string Take()
    {
        lock (gate)
        {
            var taken = text.ToString();
            text.Clear();
            return taken;
        }
    }

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
        Write(exchange, asked, Encoding.UTF8.GetString(kept.ToArray()));
        await wire.WriteAsync(kept.ToArray(), exchange.RequestAborted);
    }

    public void Restart() => appliance.Restart();

    private void Write(HttpContext exchange, string asked, string answered)
    {
        var request = exchange.Request;
        lock (gate)
        {
            text.Append(CultureInfo.InvariantCulture, $"{request.Method} {request.Path}{request.QueryString}\n");
            foreach (var name in Shown.Where(request.Headers.ContainsKey))
                text.Append(CultureInfo.InvariantCulture, $"{name}: {request.Headers[name]}\n");
            text.Append(Indented(asked)).Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"{exchange.Response.StatusCode}\n{Indented(answered)}\n\n");
        }
    }

    private static string Indented(string json)
    {
        if (json == "")
            return "";
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
            JsonNode.Parse(json)!.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
