namespace Interlook.Extensions.Etcd;

/// <summary>One record as it shall stand in etcd.</summary>
/// <param name="Key">The etcd key: the prefix, the name's labels in reverse, and a last label of its own.</param>
/// <param name="NameKey">The name's own key, of which <paramref name="Key"/> is a child. A value there would be hidden by ours.</param>
/// <param name="Name">The name that clients ask for.</param>
/// <param name="Value">The JSON.</param>
internal sealed record SkyRecord(string Key, string NameKey, string Name, string Value);
