using Interlook.Extensions;
using Interlook.Extensions.BigIp;
using Interlook.Extensions.Consul;
using Interlook.Extensions.Docker;
using Interlook.Extensions.EmbeddedDns;
using Interlook.Extensions.Etcd;
using Interlook.Extensions.ExternalIp;
using Interlook.Extensions.Files;
using Interlook.Extensions.GestioIP;
using Interlook.Extensions.HAProxy;
using Interlook.Extensions.Ipalloc;
using Interlook.Extensions.Kemp;
using Interlook.Extensions.Kubernetes;
using Interlook.Extensions.TcpBalancer;

namespace Interlook.Host;

/// <summary>The extensions this executable contains. A new one is one line here; nothing is scanned.</summary>
internal static class BuiltInExtensions
{
    internal static ExtensionCatalog Catalog { get; } = ExtensionCatalog.Empty
        .AddBigIp() // lb.f5ltm
        .AddConsul() // provider.consul, dns.consul
        .AddDocker() // provider.docker, provider.swarm
        .AddEmbeddedDns() // dns.embedded
        .AddEtcd() // dns.skydns
        .AddExternalIp() // vip.externalip
        .AddFiles() // provider.file
        .AddGestioIP() // ipam.gestioip
        .AddHAProxy() // lb.haproxy
        .AddIpalloc() // ipam.ipalloc
        .AddKemp() // lb.kemplm
        .AddKubernetes() // provider.kubernetes
        .AddTcpBalancer(); // lb.embedded
}
