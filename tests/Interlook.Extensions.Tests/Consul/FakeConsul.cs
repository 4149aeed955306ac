using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>
/// A Consul on loopback that is empty and takes every registration, and fails as it is told: for faults that the real one cannot be
/// made to show.
/// </summary>
internal sealed class FakeConsul : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly List<string> calls = [];

    private FakeConsul()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    /// <summary>Answers instead of the fake when it returns true; null when nothing fails.</summary>
    internal Func<HttpContext, Task<bool>>? Fault { get; set; }

    internal Uri Url => new(application.Urls.First());

    /// <summary>Method and path of each call so far.</summary>
    internal IReadOnlyList<string> Calls
    {
        get
        {
            lock (calls)
                return [.. calls];
        }
    }

    internal static async Task<FakeConsul> StartAsync()
    {
        var fake = new FakeConsul();
        await fake.application.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task AnswerAsync(HttpContext call)
    {
        lock (calls)
            calls.Add($"{call.Request.Method} {call.Request.Path}{call.Request.QueryString}");
        await call.Request.Body.CopyToAsync(Stream.Null, call.RequestAborted);
        if (Fault is not null && await Fault(call))
            return;
        call.Response.ContentType = "application/json";
        await call.Response.WriteAsync(call.Request switch
        {
            { Method: "PUT" } => "true",
            { Path.Value: { } path } when path.StartsWith("/v1/catalog/node/", StringComparison.Ordinal) => "null",
            _ => "[]",
        });
    }
}
