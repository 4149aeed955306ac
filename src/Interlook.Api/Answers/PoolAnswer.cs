namespace Interlook.Api.Answers;

/// <summary>How full a pool of addresses is.</summary>
/// <param name="Step">The address step that keeps it.</param>
/// <param name="Network">Which of its pools, when it says so.</param>
/// <param name="Leased">Addresses that services hold.</param>
/// <param name="Size">Addresses there are.</param>
internal sealed record PoolAnswer(string Step, string? Network, long Leased, long Size);
