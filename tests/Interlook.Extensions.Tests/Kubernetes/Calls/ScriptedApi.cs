using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Specification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Tests.Kubernetes.Calls;

/// <summary>A server on loopback, with TLS, that answers as a test tells it: for answers that a real API server cannot be made to give.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly List<string> calls = [];
    private readonly X509Certificate2 certificate = Issue();

    private ScriptedApi(HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(certificate);
        }));
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    /// <summary>Answers a call.</summary>
    internal Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    internal Uri Url => new(application.Urls.First());

    internal string Authority => certificate.ExportCertificatePem();

    /// <summary>Protocol, method, path and query of each call so far.</summary>
    internal IReadOnlyList<string> Calls
    {
        get
        {
            lock (calls)
                return [.. calls];
        }
    }

    internal static async Task<ScriptedApi> StartAsync(HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var api = new ScriptedApi(protocols);
        await api.application.StartAsync();
        return api;
    }

    /// <summary>How a client reaches it.</summary>
    internal ClusterAccess Access(ICredential? credential = null) => new()
    {
        Endpoint = Url,
        Origin = "the test",
        Authorities = new FixedText(Authority),
        Credential = credential ?? new WrittenCredential { Origin = "the test" },
    };

    /// <summary>A client of it.</summary>
    internal ApiServer Open(TimeProvider? time = null, ICredential? credential = null) => new(Access(credential), time ?? TimeProvider.System, isReadOnly: false);

    /// <summary>Answers with a JSON text.</summary>
    internal static async Task JsonAsync(HttpContext call, string json, int status = 200)
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = "application/json";
        await call.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Answers as an API server says that it failed.</summary>
    internal static Task FailAsync(HttpContext call, int status, string reason, string message, string more = "") => JsonAsync(
        call, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{status}}{{more}}}""", status);

    /// <summary>The text of a list of Services.</summary>
    internal static string List(string version, IEnumerable<string> names, string next = "") =>
        $$$"""{"kind":"ServiceList","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', names.Select(Service))}}}]}""";

    /// <summary>The text of a Service.</summary>
    internal static string Service(string name) => $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{name}}}","resourceVersion":"1"}}""";

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext call)
    {
        lock (calls)
            calls.Add($"{call.Request.Protocol} {call.Request.Method} {call.Request.Path}{call.Request.QueryString}");
        await Answer(call);
    }

    private static X509Certificate2 Issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=scripted", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("cluster.example.org");
        request.CertificateExtensions.Add(names.Build());
        var begin = new ManualTimeProvider().GetUtcNow().AddYears(-5);
        using var made = request.CreateSelfSigned(begin, begin.AddYears(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null); // Kestrel wants a key that is not ephemeral
    }
}
