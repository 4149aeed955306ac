using System.Text.Json.Nodes;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>A swarm of one manager on the fake daemon; its services publish port 80 through the mesh.</summary>
internal sealed class FakeSwarm(FakeDocker docker)
{
    private readonly Dictionary<string, (JsonObject Service, JsonObject Task)> services = [];
    private int made;

    /// <summary>Makes or changes a service with one running task.</summary>
    internal void Put(string name, params (string Key, string Value)[] labels)
    {
        var isNew = !services.TryGetValue(name, out var before);
        var id = isNew ? $"s{++made}" : before.Service["ID"]!.GetValue<string>();
        var json = new JsonObject();
        foreach (var (key, value) in labels)
            json[key] = value;
        var port = new JsonObject { ["Protocol"] = "tcp", ["TargetPort"] = 80, ["PublishedPort"] = 20000 + int.Parse(id[1..]), ["PublishMode"] = "ingress" };
        var service = new JsonObject
        {
            ["ID"] = id,
            ["CreatedAt"] = "2026-01-01T00:00:00Z",
            ["Spec"] = new JsonObject { ["Name"] = $"name-{id}", ["Labels"] = json, ["Mode"] = new JsonObject { ["Replicated"] = new JsonObject { ["Replicas"] = 1 } } },
            ["Endpoint"] = new JsonObject { ["Ports"] = new JsonArray(port) },
        };
        var task = new JsonObject
        {
            ["ID"] = $"t{id}",
            ["ServiceID"] = id,
            ["NodeID"] = "n1",
            ["DesiredState"] = "running",
            ["Status"] = new JsonObject { ["State"] = "running" },
        };
        services[name] = (service, task);
        Tell(id, isNew ? "create" : "update");
    }

    internal string SubjectOf(string name) => $"service {services[name].Service["Spec"]!["Name"]!.GetValue<string>()}";

    internal void Remove(string name)
    {
        services.Remove(name, out var gone);
        Tell(gone.Service["ID"]!.GetValue<string>(), "remove");
    }

    internal void Begin()
    {
        docker.Swarm["nodes"] = new JsonArray(
            JsonNode.Parse("""{"ID":"n1","Spec":{"Labels":{}},"Description":{"Hostname":"one"},"Status":{"State":"ready","Addr":"127.0.0.1"},"ManagerStatus":{"Addr":"127.0.0.1:2377"}}"""));
        docker.Swarm["services"] = [];
        docker.Swarm["tasks"] = [];
    }

    private void Tell(string id, string action)
    {
        docker.Swarm["tasks"] = new JsonArray([.. services.Values.Select(pair => pair.Task.DeepClone())]);
        docker.Swarm["services"] = new JsonArray([.. services.Values.Select(pair => pair.Service.DeepClone())]);
        docker.Say($$$"""{"Type":"service","Action":"{{{action}}}","Actor":{"ID":"{{{id}}}","Attributes":{"name":"name-{{{id}}}"}},"scope":"swarm"}""");
    }
}
