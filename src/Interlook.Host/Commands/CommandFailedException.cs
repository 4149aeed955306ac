namespace Interlook.Host.Commands;

/// <summary>A command cannot do what it was asked; the message is one line for the person who asked.</summary>
internal sealed class CommandFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
