using System.Net;
using Interlook.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>The metadata service of a cloud, on loopback.</summary>
public sealed class FakeMetadata : IAsyncDisposable
{
    private const string Token = "the-token";

    private readonly Kind kind;
    private readonly WebApplication server;
    private readonly int port = TestMachine.FreePort();
    private int requests;

    private FakeMetadata(Kind kind)
    {
        this.kind = kind;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        server = builder.Build();
        server.Run(AnswerAsync);
    }

    /// <summary>Whose it is.</summary>
    public enum Kind
    {
        /// <summary>Amazon's, version 2 only.</summary>
        Aws,

        /// <summary>Amazon's, of a machine with IPv6 only.</summary>
        AwsWithoutIPv4,

        /// <summary>Google's.</summary>
        Gce,

        /// <summary>DigitalOcean's.</summary>
        DigitalOcean,

        /// <summary>Something that answers everything with a page.</summary>
        Rubbish,

        /// <summary>Something that never answers.</summary>
        Silent,
    }

    /// <summary>Where it answers.</summary>
    public Uri Url => new($"http://127.0.0.1:{port}");

    /// <summary>How often it was asked.</summary>
    public int Requests => requests;

    /// <summary>Starts one.</summary>
    public static async Task<FakeMetadata> StartAsync(Kind kind)
    {
        var fake = new FakeMetadata(kind);
        await fake.server.StartAsync();
        return fake;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await server.StopAsync(now.Token);
        await server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref requests);
        var (request, answer) = (http.Request, http.Response);
        if (kind == Kind.Silent)
        {
            var gone = new TaskCompletionSource();
            await using var registration = http.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }
        var text = (kind, request.Method, request.Path.Value) switch
        {
            (Kind.Aws or Kind.AwsWithoutIPv4, "PUT", "/latest/api/token") when request.Headers.ContainsKey("X-aws-ec2-metadata-token-ttl-seconds") => Token,
            (Kind.Aws, "GET", "/latest/meta-data/public-ipv4") when request.Headers["X-aws-ec2-metadata-token"] == Token => "203.0.113.1",
            (Kind.AwsWithoutIPv4, "GET", "/latest/meta-data/ipv6") when request.Headers["X-aws-ec2-metadata-token"] == Token => "2001:db8::a",
            (Kind.Gce, "GET", "/computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip") when request.Headers["Metadata-Flavor"] == "Google"
                => "203.0.113.2\n",
            (Kind.DigitalOcean, "GET", "/metadata/v1/interfaces/public/0/ipv4/address") => "203.0.113.3",
            (Kind.Rubbish, _, _) => "<html>welcome</html>",
            _ => null,
        };
        if (kind == Kind.Gce)
            answer.Headers["Metadata-Flavor"] = "Google";
        answer.StatusCode = text is null ? 404 : 200;
        await answer.WriteAsync(text ?? "none");
    }
}
