using System.Text.Json.Serialization;

namespace Interlook.Extensions.BigIp.Wire;

/// <summary>Reads and writes iControl REST's JSON. What is null is left out: a PATCH names only what it changes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireCollection<WirePool>))]
[JsonSerializable(typeof(WireCollection<WireVirtual>))]
[JsonSerializable(typeof(WireCollection<WireNode>))]
[JsonSerializable(typeof(WireCollection<WireRule>))]
[JsonSerializable(typeof(WireCollection<WirePartition>))]
[JsonSerializable(typeof(WirePolicy))]
[JsonSerializable(typeof(WireCommand))]
[JsonSerializable(typeof(WireLogin))]
[JsonSerializable(typeof(WireLoginAnswer))]
[JsonSerializable(typeof(WireTransaction))]
[JsonSerializable(typeof(WireProblem))]
internal sealed partial class BigIpJson : JsonSerializerContext;
