namespace Interlook.Simulators.Kemp;

/// <summary>A command that is answered with a failure and changes nothing.</summary>
/// <param name="status">The status, of HTTP and of the envelope.</param>
/// <param name="text">The text of the error.</param>
internal sealed class Refusal(int status, string text) : Exception(text)
{
    internal int Status => status;

    internal static Refusal Missing(string parameter) => new(400, $"{parameter}: {(parameter == "vs" ? "Address" : "String")} Value missing");

    internal static Refusal UnknownService() => new(422, "Unknown VS");

    internal static Refusal UnknownServer() => new(422, "Unknown RS");

    internal static Refusal UnknownValue(string parameter, string value) => new(422, $"Unknown parameter value {parameter}={value}");
}
