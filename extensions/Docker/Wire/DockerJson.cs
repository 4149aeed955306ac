using System.Text.Json.Serialization;

namespace Interlook.Extensions.Docker.Wire;

/// <summary>How the Docker API's messages are read; fields we do not name are skipped.</summary>
[JsonSerializable(typeof(ContainerSummary[]))]
[JsonSerializable(typeof(ContainerInspect))]
[JsonSerializable(typeof(SwarmService[]))]
[JsonSerializable(typeof(SwarmTask[]))]
[JsonSerializable(typeof(SwarmNode[]))]
[JsonSerializable(typeof(EngineInspect))]
[JsonSerializable(typeof(DockerEvent))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class DockerJson : JsonSerializerContext;
