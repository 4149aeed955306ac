using System.Text.Json.Serialization;

namespace Interlook.Extensions.Etcd.Wire;

/// <summary>Reads the JSON of etcd v2, whose names are in camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WireNodeAnswer))]
internal sealed partial class OldEtcdJson : JsonSerializerContext;
