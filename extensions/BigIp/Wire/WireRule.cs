using System.Text.Json.Serialization;

namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A rule of a policy.</summary>
internal sealed record WireRule
{
    public string? Name { get; init; }

    public int? Ordinal { get; init; }

    public string? Description { get; init; }

    /// <summary>Written: when it applies.</summary>
    public List<WireCondition>? Conditions { get; init; }

    /// <summary>Written: what it does.</summary>
    public List<WireAction>? Actions { get; init; }

    public WireCollection<WireCondition>? ConditionsReference { get; init; }

    public WireCollection<WireAction>? ActionsReference { get; init; }
}

/// <summary>A condition. Read back, it has defaults that nobody sent: only what we set is compared.</summary>
internal sealed record WireCondition
{
    public string? Name { get; init; }

    public bool? HttpHost { get; init; }

    public bool? Host { get; init; }

    public bool? SslExtension { get; init; }

    public bool? ServerName { get; init; }

    public bool? Request { get; init; }

    public bool? SslClientHello { get; init; }

    [JsonPropertyName("equals")]
    public bool? IsEqual { get; init; }

    public bool? StartsWith { get; init; }

    public bool? EndsWith { get; init; }

    public bool? Contains { get; init; }

    public bool? Not { get; init; }

    public bool? CaseInsensitive { get; init; }

    public List<string>? Values { get; init; }
}

/// <summary>An action.</summary>
internal sealed record WireAction
{
    public string? Name { get; init; }

    public bool? Forward { get; init; }

    public bool? Select { get; init; }

    public string? Pool { get; init; }

    public bool? Request { get; init; }

    public bool? SslClientHello { get; init; }
}
