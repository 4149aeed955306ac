using System.Text.Json.Nodes;
using Interlook.Fixtures;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>Puts services into a real Consul's catalog and takes them out, as other people's programs do.</summary>
internal static class CatalogEntries
{
    /// <summary>The node of services that name none.</summary>
    internal const string Node = "worker";

    /// <summary>Registers an instance whose ID is the service's name.</summary>
    internal static Task RegisterAsync(this ConsulAgent consul, string service, int port, params string[] tags) =>
        consul.RegisterAsync(Instance(service, port, tags));

    /// <summary>Removes one instance.</summary>
    internal static Task DeregisterAsync(this ConsulAgent consul, string node, string id) =>
        consul.DeregisterAsync(new JsonObject { ["Node"] = node, ["ServiceID"] = id });

    /// <summary>The registration of an instance, for a test to change.</summary>
    internal static JsonObject Instance(string service, int port, params string[] tags) => new()
    {
        ["Node"] = Node,
        ["Address"] = "10.0.0.1",
        ["Service"] = new JsonObject
        {
            ["ID"] = service,
            ["Service"] = service,
            ["Port"] = port,
            ["Tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]),
        },
    };

    /// <summary>The same with a check of the instance.</summary>
    internal static JsonObject With(this JsonObject registration, string status)
    {
        registration["Check"] = new JsonObject
        {
            ["Node"] = (string?)registration["Node"],
            ["CheckID"] = "check-" + (string?)registration["Service"]!["ID"],
            ["ServiceID"] = (string?)registration["Service"]!["ID"],
            ["Name"] = "test",
            ["Status"] = status,
        };
        return registration;
    }
}
