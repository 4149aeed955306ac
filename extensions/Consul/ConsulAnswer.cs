namespace Interlook.Extensions.Consul;

/// <summary>A whole answer from a Consul that has a leader.</summary>
/// <param name="Value">Its content.</param>
/// <param name="Index">The index it was true at (<c>X-Consul-Index</c>); 0 when Consul named none.</param>
internal readonly record struct ConsulAnswer<T>(T? Value, ulong Index);
