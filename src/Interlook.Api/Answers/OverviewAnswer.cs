namespace Interlook.Api.Answers;

/// <summary>What the whole of Interlook does; the event <c>overview</c> of GET /events.</summary>
/// <param name="Ready">True once every provider has delivered its first snapshot.</param>
/// <param name="Version">What runs.</param>
/// <param name="Entries">How many entries stand where.</param>
/// <param name="Providers">As GET /providers.</param>
/// <param name="Extensions">As GET /extensions.</param>
/// <param name="Pools">The pools of addresses.</param>
internal sealed record OverviewAnswer(
    bool Ready,
    string Version,
    EntryCounts Entries,
    ProviderAnswer[] Providers,
    ExtensionAnswer[] Extensions,
    PoolAnswer[] Pools);
