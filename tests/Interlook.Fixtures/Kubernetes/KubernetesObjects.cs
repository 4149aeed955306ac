using System.Text.Json.Nodes;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>Objects that tests put into an API server. Each call makes a new one, which a test may change before it sends it.</summary>
public static class KubernetesObjects
{
    /// <summary>An object with nothing but a name.</summary>
    /// <param name="version">Its <c>apiVersion</c>.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="ns">Its namespace; null for objects that are in none.</param>
    /// <param name="name">Its name.</param>
    public static JsonObject Named(string version, string kind, string? ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
            metadata["namespace"] = ns;
        return new JsonObject { ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = metadata };
    }

    /// <summary>A service. Of type LoadBalancer or NodePort the server gives each port a node port.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="type"><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c>.</param>
    /// <param name="annotations">Its annotations.</param>
    /// <param name="ports">Its ports with their names and the ports of the pods; none is one port 80, named web, to 8080.</param>
    public static JsonObject Service(
        string ns, string name, string type = "LoadBalancer", IEnumerable<(string Key, string Value)>? annotations = null,
        params IReadOnlyList<(string Name, int Port, int TargetPort)> ports)
    {
        var service = Named("v1", "Service", ns, name);
        if (annotations is not null)
            service["metadata"]!["annotations"] = Map(annotations);
        service["spec"] = new JsonObject
        {
            ["type"] = type,
            ["selector"] = new JsonObject { ["app"] = name },
            ["ports"] = new JsonArray(
            [
                .. (ports.Count > 0 ? ports : [("web", 80, 8080)]).Select(
                    port => new JsonObject { ["name"] = port.Name, ["port"] = port.Port, ["targetPort"] = port.TargetPort, ["protocol"] = "TCP" }),
            ]),
        };
        return service;
    }

    /// <summary>A node as its kubelet would report it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="address">Its internal address.</param>
    /// <param name="ready">Its condition; null is <c>Unknown</c>, what a controller writes when the node has fallen silent.</param>
    /// <param name="zone">Its zone.</param>
    public static JsonObject Node(string name, string address, bool? ready = true, string? zone = null)
    {
        var node = Named("v1", "Node", null, name);
        node["metadata"]!["labels"] = Map(
            zone is null ? [("kubernetes.io/hostname", name)] : [("kubernetes.io/hostname", name), ("topology.kubernetes.io/zone", zone)]);
        node["status"] = new JsonObject
        {
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = address }, new JsonObject { ["type"] = "Hostname", ["address"] = name }),
            ["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "Ready", ["status"] = ready switch { true => "True", false => "False", null => "Unknown" } }),
        };
        return node;
    }

    /// <summary>A slice of a service's endpoints, as the server's version writes it.</summary>
    /// <param name="version">The version of discovery.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="service">The service that it belongs to by its label.</param>
    /// <param name="name">Its own name.</param>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="ports">The pods' ports by the names of the service's; none is 8080, named web.</param>
    public static JsonObject Slice(
        DiscoveryVersion version, string ns, string service, string name, IEnumerable<SliceEndpoint> endpoints,
        params IReadOnlyList<(string Name, int Port)> ports)
    {
        var slice = Named(version == DiscoveryVersion.V1 ? "discovery.k8s.io/v1" : "discovery.k8s.io/v1beta1", "EndpointSlice", ns, name);
        slice["metadata"]!["labels"] = Map([("kubernetes.io/service-name", service)]);
        var all = endpoints.ToList();
        slice["addressType"] = all.Any(endpoint => endpoint.Address.Contains(':', StringComparison.Ordinal)) ? "IPv6" : "IPv4";
        slice["endpoints"] = new JsonArray([.. all.Select(endpoint => Endpoint(version, endpoint))]);
        slice["ports"] = new JsonArray(
        [
            .. (ports.Count > 0 ? ports : [("web", 8080)]).Select(
                port => new JsonObject { ["name"] = port.Name, ["port"] = port.Port, ["protocol"] = "TCP" }),
        ]);
        return slice;
    }

    /// <summary>
    /// What a server that has no <c>discovery.k8s.io/v1</c> of its own takes for its definition. Unknown members are dropped, as a server does
    /// that has the type; lists may be null, as such a server prints empty ones.
    /// </summary>
    internal static JsonObject SlicesDefinition()
    {
        var definition = Named("apiextensions.k8s.io/v1", "CustomResourceDefinition", null, "endpointslices.discovery.k8s.io");
        // Without it, a group below k8s.io is refused to everybody.
        definition["metadata"]!["annotations"] = Map([("api-approved.kubernetes.io", "unapproved, for tests")]);
        definition["spec"] = JsonNode.Parse("""
            {
              "group": "discovery.k8s.io", "scope": "Namespaced",
              "names": {"plural": "endpointslices", "singular": "endpointslice", "kind": "EndpointSlice", "listKind": "EndpointSliceList"},
              "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object", "required": ["addressType"], "properties": {
                  "addressType": {"type": "string", "enum": ["IPv4", "IPv6", "FQDN"]},
                  "endpoints": {"type": "array", "nullable": true, "items": {"type": "object", "required": ["addresses"], "properties": {
                    "addresses": {"type": "array", "items": {"type": "string"}},
                    "conditions": {"type": "object", "properties": {
                      "ready": {"type": "boolean"}, "serving": {"type": "boolean"}, "terminating": {"type": "boolean"}}},
                    "deprecatedTopology": {"type": "object", "additionalProperties": {"type": "string"}},
                    "hints": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    "hostname": {"type": "string"}, "nodeName": {"type": "string"}, "zone": {"type": "string"},
                    "targetRef": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}},
                  "ports": {"type": "array", "nullable": true, "items": {"type": "object", "properties": {
                    "name": {"type": "string"}, "protocol": {"type": "string"}, "port": {"type": "integer", "format": "int32"},
                    "appProtocol": {"type": "string"}}}}}}}}]
            }
            """);
        return definition;
    }

    private static JsonObject Endpoint(DiscoveryVersion version, SliceEndpoint endpoint)
    {
        var conditions = new JsonObject();
        if (endpoint.Ready is { } ready)
            conditions["ready"] = ready;
        if (endpoint.Serving is { } serving)
            conditions["serving"] = serving;
        if (endpoint.Terminating is { } terminating)
            conditions["terminating"] = terminating;
        var written = new JsonObject { ["addresses"] = new JsonArray(endpoint.Address), ["conditions"] = conditions };
        if (version == DiscoveryVersion.V1)
        {
            if (endpoint.Node is not null)
                written["nodeName"] = endpoint.Node;
            if (endpoint.Zone is not null)
                written["zone"] = endpoint.Zone;
            return written;
        }
        written["topology"] = Map(
            new[] { ("kubernetes.io/hostname", endpoint.Node), ("topology.kubernetes.io/zone", endpoint.Zone) }
                .Where(label => label.Item2 is not null).Select(label => (label.Item1, label.Item2!)));
        return written;
    }

    private static JsonObject Map(IEnumerable<(string Key, string Value)> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value)));
}
