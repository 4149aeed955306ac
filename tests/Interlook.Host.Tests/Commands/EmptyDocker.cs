using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Interlook.Host.Tests.Commands;

/// <summary>A Docker daemon without containers, on loopback: enough for an Interlook that runs and has nothing to do.</summary>
internal sealed class EmptyDocker : IAsyncDisposable
{
    private readonly WebApplication application;

    private EmptyDocker(WebApplication application) => this.application = application;

    internal string Endpoint =>
        application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("http:", "tcp:", StringComparison.Ordinal);

    /// <summary>True makes every request but the first ones wait until its caller gives up.</summary>
    internal bool HangsOnListing { get; init; }

    internal static async Task<EmptyDocker> StartAsync(bool hangsOnListing = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var docker = new EmptyDocker(builder.Build()) { HangsOnListing = hangsOnListing };
        docker.application.Run(docker.AnswerAsync);
        await docker.application.StartAsync();
        return docker;
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        context.Response.Headers["Api-Version"] = "1.47";
        context.Response.ContentType = "application/json";
        if (path.EndsWith("/events", StringComparison.Ordinal) || (HangsOnListing && path.EndsWith("/containers/json", StringComparison.Ordinal)))
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        else
        {
            await context.Response.WriteAsync(path.EndsWith("/containers/json", StringComparison.Ordinal) ? "[]" : "{}", context.RequestAborted);
        }
    }
}
