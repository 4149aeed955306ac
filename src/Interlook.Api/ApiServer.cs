using System.Net;
using System.Net.Sockets;
using Interlook.Api.Access;
using Interlook.Api.Answers;
using Interlook.Api.Endpoints;
using Interlook.Api.Exposition;
using Interlook.Api.Live;
using Interlook.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interlook.Api;

/// <summary>The HTTP API: reads the engine's snapshots, passes on commands. Start it once, stop it once.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    /// <summary>No request of ours has a body worth reading.</summary>
    private const int MaxRequestBodySize = 16 * 1024;

    /// <summary>Far above what scrapers and people open, far below what would starve the process.</summary>
    private const int MaxConnections = 256;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How long a stop waits for readers that are slow.</summary>
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(3);

    private readonly ApiOptions options;
    private readonly PrometheusExposition exposition;
    private readonly ProcessInstruments process;
    private readonly WebApplication application;

    /// <summary>Puts the server together; does no I/O.</summary>
    /// <param name="options">Where to listen, and the token.</param>
    /// <param name="engine">What is read and commanded; metrics of meters with this scope, or none, are exposed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes loggers; the web server's own lines appear from warnings upwards.</param>
    public ApiServer(ApiOptions options, IEngine engine, TimeProvider time, ILoggerFactory loggers)
    {
        this.options = options;
        exposition = new PrometheusExposition(engine, loggers.CreateLogger<PrometheusExposition>());
        process = new ProcessInstruments(engine);
        application = Build(engine, time, loggers);
    }

    /// <summary>Where it listens, with the port the system gave when <see cref="ApiOptions.ListenPort"/> is 0; known once started.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public IPEndPoint EndPoint
    {
        get
        {
            var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
                ?? throw new InvalidOperationException("the API has not started");
            return new IPEndPoint(options.ListenAddress, new Uri(address).Port);
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ListenException">The address or port cannot be had.</exception>
    public async Task StartAsync(CancellationToken stopping)
    {
        try
        {
            await application.StartAsync(stopping);
        }
        catch (Exception failure) when (Problem(failure) is { } problem)
        {
            throw new ListenException($"the API cannot listen on {new IPEndPoint(options.ListenAddress, options.ListenPort)}: {problem}", failure);
        }
    }

    /// <summary>Answers what is under way, then stops listening.</summary>
    public Task StopAsync(CancellationToken stopping) => application.StopAsync(stopping);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        process.Dispose();
        exposition.Dispose();
    }

    private static string? Problem(Exception failure) => failure switch
    {
        _ when failure is AddressInUseException || failure.InnerException is AddressInUseException =>
            "another program has the port; end it, or change core.listenPort",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            "another program has the port; end it, or change core.listenPort",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "this machine does not have the address; change core.listenAddress",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "the system does not allow the port (below 1024 only root may listen); change core.listenPort",
        SocketException { SocketErrorCode: SocketError.AddressFamilyNotSupported } =>
            "this machine has no addresses of that family; change core.listenAddress",
        _ => null,
    };

    private WebApplication Build(IEngine engine, TimeProvider time, ILoggerFactory loggers)
    {
        // The empty builder reads neither environment variables nor files: the API listens where our configuration says, and nowhere else.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "interlook" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Services.AddSingleton<ILoggerFactory>(new QuietLoggerFactory(loggers));
        builder.Services.AddSingleton<IHostLifetime, HostedLifetime>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = ShutdownPatience);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(exposition);
        builder.Services.AddSingleton<Overview>();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddRouting();
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));

        var application = builder.Build();
        application.Use(static (context, next) =>
        {
            // Answers are data of this moment: no browser is to guess a type, no proxy to keep one.
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        application.Use(HeadRequest.ServeAsGet);
        application.Use(new FaultBarrier(loggers.CreateLogger<FaultBarrier>()).InvokeAsync);
        application.UseStatusCodePages(static status => FrameworkRefusals.Explain(status.HttpContext).ExecuteAsync(status.HttpContext));
        application.Use(new ChangeGuard(options).InvokeAsync);
        application.UseRouting();
        Routes.Map(application);
        return application;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = KeepAliveTimeout;
        kestrel.Listen(options.ListenAddress, options.ListenPort, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
