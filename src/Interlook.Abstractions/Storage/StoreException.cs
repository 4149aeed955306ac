namespace Interlook.Storage;

/// <summary>Durable state cannot be read or written.</summary>
/// <param name="message">Which file or key, where in it, and what to do.</param>
/// <param name="innerException">What was caught, when something was.</param>
public class StoreException(string message, Exception? innerException = null) : Exception(message, innerException);
