namespace Interlook.Api;

/// <summary>The API cannot listen where it is told to; the message says why and which key to change.</summary>
/// <param name="message">What failed, at which address, and which key to change.</param>
/// <param name="innerException">What the system said.</param>
public sealed class ListenException(string message, Exception innerException) : Exception(message, innerException);
