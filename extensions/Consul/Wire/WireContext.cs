using System.Text.Json.Serialization;

namespace Interlook.Extensions.Consul.Wire;

/// <summary>Reads and writes Consul's JSON, whose names are in Pascal case like ours.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireRegistration))]
[JsonSerializable(typeof(WireDeregistration))]
[JsonSerializable(typeof(WireNodeServices))]
[JsonSerializable(typeof(List<WireInstance>))]
[JsonSerializable(typeof(List<WireCheck>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(bool))]
internal sealed partial class WireContext : JsonSerializerContext;
