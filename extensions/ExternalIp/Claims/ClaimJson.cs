using System.Text.Json.Serialization;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>Reads and writes the three records: the same JSON in Kubernetes and in etcd.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Claim))]
[JsonSerializable(typeof(ClaimPool))]
[JsonSerializable(typeof(NodeRecord))]
internal sealed partial class ClaimJson : JsonSerializerContext;
