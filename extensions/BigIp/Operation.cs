namespace Interlook.Extensions.BigIp;

/// <summary>One request.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path behind <c>/mgmt</c>, with its query.</param>
/// <param name="Body">Its body; null for none.</param>
/// <param name="Attempt">What it attempts, for messages: <c>creating pool /P/x of shop</c>.</param>
internal sealed record Operation(HttpMethod Method, string Path, byte[]? Body, string Attempt);
