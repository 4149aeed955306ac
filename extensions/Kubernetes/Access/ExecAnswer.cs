using System.Text.Json.Serialization;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>What a credential plugin prints (API group client.authentication.k8s.io, v1 and v1beta1).</summary>
internal sealed record ExecAnswer
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ExecAnswerStatus? Status { get; init; }
}

/// <summary>The credential itself.</summary>
internal sealed record ExecAnswerStatus
{
    /// <summary>When it ends; null when it does not, or nobody knows.</summary>
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    /// <summary>PEM.</summary>
    public string? ClientCertificateData { get; init; }

    /// <summary>PEM.</summary>
    public string? ClientKeyData { get; init; }

    /// <summary>Nothing: a record would print the token.</summary>
    public override string ToString() => nameof(ExecAnswerStatus);
}

/// <summary>Reads what credential plugins print.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExecAnswer))]
internal sealed partial class ExecJson : JsonSerializerContext;
