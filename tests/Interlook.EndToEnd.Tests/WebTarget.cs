using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Interlook.EndToEnd.Tests;

/// <summary>A web server of this machine that answers with its own name, with TLS or without: a target that runs in no container.</summary>
internal sealed class WebTarget : IAsyncDisposable
{
    private readonly WebApplication application;

    private WebTarget(WebApplication application) => this.application = application;

    /// <summary>Where it listens.</summary>
    internal int Port =>
        new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>Starts one.</summary>
    /// <param name="identity">What it answers.</param>
    /// <param name="tls">Whether it speaks TLS.</param>
    /// <param name="at">Where it listens; null is a free port of 127.0.0.1.</param>
    internal static async Task<WebTarget> StartAsync(string identity, bool tls = false, IPEndPoint? at = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(at ?? new(IPAddress.Loopback, 0), listen =>
        {
            if (tls)
                listen.UseHttps(Certificate());
        }));
        var target = new WebTarget(builder.Build());
        target.application.Run(context => context.Response.WriteAsync(identity + "\n"));
        await target.application.StartAsync();
        return target;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => application.DisposeAsync();

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=target", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
