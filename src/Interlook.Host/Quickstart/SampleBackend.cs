using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Interlook.Host.Quickstart;

/// <summary>A web server that says who it is: something to publish where nothing else runs.</summary>
internal sealed class SampleBackend : IAsyncDisposable
{
    private readonly WebApplication application;

    private SampleBackend(WebApplication application) => this.application = application;

    /// <summary>The loopback port it listens on.</summary>
    internal int Port => new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Starts one on a free port.</summary>
    /// <param name="name">What it calls itself in its answers.</param>
    /// <param name="stopping">Gives up the start.</param>
    internal static async Task<SampleBackend> StartAsync(string name, CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var application = builder.Build();
        application.Run(context => context.Response.WriteAsync($"{name} answers for {context.Request.Host.Value}\n"));
        await application.StartAsync(stopping);
        return new SampleBackend(application);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => application.DisposeAsync();
}
