using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>Reads and writes objects. Make one for each cluster by <see cref="Make"/>: what it reads shares its texts.</summary>
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(EndpointSlice))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(LeaderLease))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(NamedObject))]
internal sealed partial class ObjectJson : JsonSerializerContext
{
    /// <summary>A new one, with a table of texts of its own.</summary>
    internal static ObjectJson Make() => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new SharedTexts(),
            new NullableItems<string>(),
            new NullableItems<Condition>(),
            new NullableItems<Endpoint>(),
            new NullableItems<EndpointPort>(sharesEqual: true),
            new NullableItems<LoadBalancerIngress>(),
            new NullableItems<NodeAddress>(),
            new NullableItems<NodeCondition>(),
            new NullableItems<ServicePort>(),
            new NullableItems<Taint>(),
        },
    });
}
