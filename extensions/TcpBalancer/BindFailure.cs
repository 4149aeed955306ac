using System.Net;
using Interlook.Extensions.TcpBalancer.Loop;
using Interlook.Services;

namespace Interlook.Extensions.TcpBalancer;

/// <summary>Why a listener could not be opened, and what to do.</summary>
internal static class BindFailure
{
    public static ExtensionException Of(ServiceKey key, IPEndPoint endpoint, Libc.Error error)
    {
        var (reason, advice) = error switch
        {
            Libc.Error.AddressInUse => (
                Reason.Conflict, "another program listens there (`ss -ltnp` names it): stop it, or change httpPort or httpsPort of lb.embedded"),
            Libc.Error.AddressNotAvailable => (
                Reason.Unavailable,
                $"no interface of this machine has {endpoint.Address}: add it to one (`ip address add`), or allow it with net.ipv4.ip_nonlocal_bind=1 or net.ipv6.ip_nonlocal_bind=1"),
            Libc.Error.AccessDenied or Libc.Error.NotPermitted => (
                Reason.Unauthorized,
                "ports below 1024 need CAP_NET_BIND_SERVICE (AmbientCapabilities of the systemd unit), or set higher ones as httpPort and httpsPort"),
            Libc.Error.FamilyNotSupported => (Reason.Unavailable, "this machine has no such protocol family (is IPv6 switched off?)"),
            Libc.Error.FilesOfProcess or Libc.Error.FilesOfSystem or Libc.Error.NoBuffers or Libc.Error.NoMemory => (
                Reason.Exhausted, "raise the limit of open files (LimitNOFILE)"),
            _ => (Reason.Unavailable, "look at the address and the port"),
        };
        return new ExtensionException(reason, $"lb.embedded cannot listen on {endpoint} for service {key}: {Libc.Describe(error)}; {advice}");
    }

    public static ExtensionException Taken(ServiceKey key, IPEndPoint endpoint, ServiceKey holder) => new(
        Reason.Conflict,
        $"lb.embedded cannot listen on {endpoint} for service {key}: service {holder} listens there; give one of them another address");
}
