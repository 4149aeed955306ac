using System.Net;
using Interlook.Services;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>Definitions for tests of <c>lb.kemplm</c>.</summary>
internal static class KempServices
{
    internal static ServiceKey Key(string name) => new(ServiceKey.DefaultWorkflow, name);

    internal static ServiceDefinition Define(string name, string address, params Target[] targets) => new()
    {
        Name = name,
        Provider = "provider.test",
        PublicIp = IPAddress.Parse(address),
        Targets = [.. targets],
    };
}
