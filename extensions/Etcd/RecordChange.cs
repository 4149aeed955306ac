using Interlook.Services;

namespace Interlook.Extensions.Etcd;

/// <summary>What shall become of one service's records.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Wanted">What shall stand there.</param>
/// <param name="Unwanted">Keys that shall not, where they are ours.</param>
internal sealed record RecordChange(ServiceKey Key, IReadOnlyList<SkyRecord> Wanted, IReadOnlyCollection<string> Unwanted)
{
    /// <summary>True for what was acknowledged and is only written again; void when the service has changed meanwhile.</summary>
    internal bool IsRenewal { get; init; }

    /// <summary>Every key it may touch.</summary>
    internal IEnumerable<string> Keys => Wanted.Select(record => record.Key).Concat(Unwanted);
}
