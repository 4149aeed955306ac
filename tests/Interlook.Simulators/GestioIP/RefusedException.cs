namespace Interlook.Simulators.GestioIP;

/// <summary>A request is refused, with the text that stands in the reply.</summary>
/// <param name="text">The text.</param>
/// <param name="plain">True when the root is <c>Result</c>, without the request's name.</param>
/// <param name="status">The status it was meant to have; it is sent as 200 unless the appliance is told otherwise.</param>
internal sealed class RefusedException(string text, bool plain = false, int status = 400) : Exception(text)
{
    internal bool IsPlain => plain;

    internal int Status => status;
}
