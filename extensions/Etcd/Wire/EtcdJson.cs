using System.Text.Json.Serialization;

namespace Interlook.Extensions.Etcd.Wire;

/// <summary>Reads and writes etcd's JSON: names in snake case, 64-bit numbers as strings (the gateway's protobuf mapping), zeros left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireRange))]
[JsonSerializable(typeof(WireRangeAnswer))]
[JsonSerializable(typeof(WireTxn))]
[JsonSerializable(typeof(WireTxnAnswer))]
[JsonSerializable(typeof(WireLease))]
[JsonSerializable(typeof(WireKeepAliveAnswer))]
[JsonSerializable(typeof(WireCredentials))]
[JsonSerializable(typeof(WireToken))]
[JsonSerializable(typeof(WireProblem))]
[JsonSerializable(typeof(WireWatch))]
[JsonSerializable(typeof(WireWatchAnswer))]
internal sealed partial class EtcdJson : JsonSerializerContext;
