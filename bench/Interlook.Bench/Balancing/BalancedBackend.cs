using System.Net.Sockets;
using Interlook.Bench.Process;
using Interlook.Fixtures;

namespace Interlook.Bench.Balancing;

/// <summary>One nginx that answers, and in front of it HAProxy and <c>lb.embedded</c>, each in a process of its own.</summary>
internal sealed class BalancedBackend : IAsyncDisposable
{
    private const string Address = "127.89.0.1";
    private const int MostConnections = 9_000; // HAProxy wants twice as many descriptors at once

    private readonly TemporaryFolder folder = new();
    private readonly List<ServerProcess> servers = [];
    private readonly int haproxyPort = TestMachine.FreePort();
    private readonly int embeddedPort = TestMachine.FreePort();
    private readonly int backendPort = TestMachine.FreePort();
    private InterlookProcess? interlook;

    private BalancedBackend()
    {
    }

    /// <summary>nginx without anybody before it.</summary>
    public string Direct => $"127.0.0.1:{backendPort}";

    /// <summary>Through HAProxy.</summary>
    public string ThroughHAProxy => $"127.0.0.1:{haproxyPort}";

    /// <summary>Through <c>lb.embedded</c>.</summary>
    public string ThroughEmbedded => $"{Address}:{embeddedPort}";

    /// <summary>Resident memory of HAProxy, in bytes.</summary>
    public double HAProxyMemory => 1024 * double.Parse(
        File.ReadLines($"/proc/{servers[1].Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Resident memory of Interlook, in bytes.</summary>
    public double EmbeddedMemory => interlook!.ResidentMegabytes * 1e6;

    public static async Task<BalancedBackend> StartAsync()
    {
        var (nginx, haproxy) = (TestMachine.Require("nginx"), TestMachine.Require("haproxy"));
        var backend = new BalancedBackend();
        await backend.WriteAsync();
        backend.servers.Add(ServerProcess.Start(nginx, ["-c", backend.folder.File("nginx.conf"), "-e", "stderr"]));
        await UntilAsync(backend.Direct);
        backend.servers.Add(ServerProcess.Start(haproxy, ["-f", backend.folder.File("haproxy.cfg")]));
        await UntilAsync(backend.ThroughHAProxy);
        await backend.StartInterlookAsync();
        await UntilAsync(backend.ThroughEmbedded);
        return backend;
    }

    /// <summary>Opens connections that asked once and are idle since.</summary>
    public static async Task<List<Socket>> OpenIdleAsync(string endpoint, int count)
    {
        var request = System.Text.Encoding.ASCII.GetBytes($"GET /small HTTP/1.1\r\nHost: {endpoint}\r\n\r\n");
        var (sockets, buffer) = (new List<Socket>(count), new byte[4096]);
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            var colon = endpoint.IndexOf(':', StringComparison.Ordinal);
            await socket.ConnectAsync(endpoint[..colon], int.Parse(endpoint[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
            await socket.SendAsync(request);
            await socket.ReceiveAsync(buffer);
        }
        return sockets;
    }

    public async ValueTask DisposeAsync()
    {
        if (interlook is not null)
            await interlook.DisposeAsync();
        foreach (var server in servers)
            await server.DisposeAsync();
        folder.Dispose();
    }

    private static async Task UntilAsync(string endpoint)
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync($"{endpoint} answers", async () => await http.GetStringAsync(new Uri($"http://{endpoint}/small")) == "small");
    }

    private async Task WriteAsync()
    {
        Directory.CreateDirectory(folder.File("www"));
        Directory.CreateDirectory(folder.File("services"));
        await File.WriteAllTextAsync(folder.File("www/small"), "small");
        await File.WriteAllBytesAsync(folder.File("www/large"), new byte[1 << 20]);
        await File.WriteAllTextAsync(folder.File("services/web.yml"), $"name: web\ntargets:\n  - host: 127.0.0.1\n    port: {backendPort}\n");
        await File.WriteAllTextAsync(folder.File("nginx.conf"), $$"""
            user {{Environment.UserName}};
            worker_processes 1;
            daemon off;
            master_process off;
            pid {{folder.Path}}/nginx.pid;
            error_log stderr;
            events { worker_connections 8000; }
            http {
                access_log off;
                sendfile on;
                keepalive_requests 1000000000;
                keepalive_timeout 1h;
                client_body_temp_path {{folder.Path}}/1;
                proxy_temp_path {{folder.Path}}/2;
                fastcgi_temp_path {{folder.Path}}/3;
                uwsgi_temp_path {{folder.Path}}/4;
                scgi_temp_path {{folder.Path}}/5;
                server { listen 127.0.0.1:{{backendPort}} backlog=4096; root {{folder.Path}}/www; }
            }
            """);
        await File.WriteAllTextAsync(folder.File("haproxy.cfg"), $"""
            global
                nbthread {Environment.ProcessorCount}
                maxconn {MostConnections}
            defaults
                mode tcp
                balance leastconn
                timeout connect 2s
                timeout client 10m
                timeout server 10m
            listen web
                bind 127.0.0.1:{haproxyPort} backlog 4096
                server web 127.0.0.1:{backendPort} check inter 2s

            """);
    }

    private async Task StartInterlookAsync()
    {
        interlook = await InterlookProcess.StartAsync(folder.Path, "provider.file,ipam.ipalloc,lb.embedded", $"""
            provider:
              file:
                path: {folder.Path}/services
            ipam:
              ipalloc:
                network_cidr: 127.89.0.0/24
                db_file: {folder.Path}/leases.db
            lb:
              embedded:
                httpPort: {embeddedPort}
                maxConnections: {MostConnections}
            """);
        await interlook.UntilDeployedAsync(1);
    }
}
