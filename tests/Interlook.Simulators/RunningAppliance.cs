using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Interlook.Simulators.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Interlook.Simulators;

/// <summary>An appliance behind a port of loopback: counts calls, plays faults, and can go away and come back.</summary>
public sealed class RunningAppliance : IAsyncDisposable
{
    private readonly IAppliance appliance;
    private readonly X509Certificate2? certificate;
    private readonly TimeProvider time;
    private readonly ConcurrentQueue<Call> calls = new();
    private WebApplication? server;
    private int held;

    private RunningAppliance(IAppliance appliance, X509Certificate2? certificate, TimeProvider time)
    {
        this.appliance = appliance;
        this.certificate = certificate;
        this.time = time;
    }

    /// <summary>The port it listens on; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Where it answers.</summary>
    public Uri Url => new($"{(certificate is null ? "http" : "https")}://127.0.0.1:{Port}");

    /// <summary>What goes wrong next.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyCollection<Call> Calls => calls;

    /// <summary>How many requests hang or are late at this moment.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Starts one.</summary>
    /// <param name="appliance">What answers.</param>
    /// <param name="certificate">With it, it speaks TLS.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="time">Dates the calls; null is the machine's clock.</param>
    public static async Task<RunningAppliance> StartAsync(
        IAppliance appliance, X509Certificate2? certificate = null, int port = 0, TimeProvider? time = null)
    {
        var running = new RunningAppliance(appliance, certificate, time ?? TimeProvider.System) { Port = port };
        await running.ListenAsync();
        return running;
    }

    /// <summary>Forgets the calls so far.</summary>
    public void ForgetCalls() => calls.Clear();

    /// <summary>It goes away: connections end, the port refuses.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref server, null) is not { } stopped)
            return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // requests in flight are cut off
        await stopped.StopAsync(now.Token);
        await stopped.DisposeAsync();
        appliance.Restart();
    }

    /// <summary>It comes back after <see cref="StopAsync"/>, at the same port, with its configuration.</summary>
    public Task ResumeAsync() => ListenAsync();

    /// <summary>Goes away and comes back at once.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await ResumeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, Secure));
        var started = builder.Build();
        started.Run(AnswerAsync);
        await started.StartAsync();
        Port = new Uri(started.Urls.First()).Port;
        server = started;
    }

    private void Secure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1; // as the appliances do
        if (certificate is not null)
        {
            // Any client certificate is let through the handshake: whose it is, the appliance judges.
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (_, _, _) => true,
            });
        }
    }

    private async Task AnswerAsync(HttpContext exchange)
    {
        var (method, path) = (exchange.Request.Method, $"{exchange.Request.Path}{exchange.Request.QueryString}");
        exchange.Request.EnableBuffering();
        using var reader = new StreamReader(exchange.Request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(exchange.RequestAborted);
        exchange.Request.Body.Position = 0;
        calls.Enqueue(new Call(time.GetUtcNow(), method, path, body));
        var fault = Faults.Take(method, path, body);
        switch (fault?.Kind)
        {
            case FaultKind.Refuse:
                exchange.Response.StatusCode = fault.Status;
                exchange.Response.ContentType = fault.ContentType;
                await exchange.Response.WriteAsync(fault.Body, exchange.RequestAborted);
                return;
            case FaultKind.Hang:
                await HoldAsync(() => HangAsync(exchange));
                return;
            case FaultKind.Late:
                await HoldAsync(() => Task.Delay(fault.Delay, time, exchange.RequestAborted));
                break;
            case FaultKind.DropBefore:
                exchange.Abort();
                return;
            case FaultKind.DropAfter:
                await AnswerNobodyAsync(exchange);
                return;
        }
        await appliance.AnswerAsync(exchange);
    }

    private async Task HoldAsync(Func<Task> waitAsync)
    {
        Interlocked.Increment(ref held);
        try
        {
            await waitAsync();
        }
        finally
        {
            Interlocked.Decrement(ref held);
        }
    }

    private static async Task HangAsync(HttpContext exchange)
    {
        var gone = new TaskCompletionSource();
        await using var told = exchange.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private async Task AnswerNobodyAsync(HttpContext exchange)
    {
        exchange.Response.Body = Stream.Null;
        await appliance.AnswerAsync(exchange);
        exchange.Abort();
    }
}
