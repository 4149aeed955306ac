namespace Interlook.Provisioners;

/// <summary>What a target carried since it was added.</summary>
/// <param name="Open">Connections open now.</param>
/// <param name="Connections">Connections made.</param>
/// <param name="Failures">Attempts to connect that failed.</param>
/// <param name="BytesReceived">Bytes that clients sent to it.</param>
/// <param name="BytesSent">Bytes that it sent to clients.</param>
public sealed record Traffic(int Open, long Connections, long Failures, long BytesReceived, long BytesSent);
