using System.Text.Json.Serialization;

namespace Interlook.Extensions.Etcd.Wire;

/// <summary>A lease: asked for, granted, or kept alive. In an answer a time of 0 says that there is no such lease.</summary>
internal sealed record WireLease
{
    public WireHeader? Header { get; init; }

    [JsonPropertyName("ID")]
    public long Id { get; init; }

    [JsonPropertyName("TTL")]
    public long Ttl { get; init; }
}

/// <summary>The gateway wraps the answers of streams.</summary>
internal sealed record WireKeepAliveAnswer
{
    public WireLease? Result { get; init; }
}
