namespace Interlook.Simulators.BigIp;

/// <summary>The appliance refuses a call, with the status and the words that it has for it.</summary>
/// <param name="status">The HTTP status, and the member <c>code</c>.</param>
/// <param name="message">The member <c>message</c>; the number before its first colon is stable.</param>
/// <param name="apiError">The member of that name; null leaves it out.</param>
internal sealed class RefusedException(int status, string message, int? apiError = null) : Exception(message)
{
    internal int Status => status;

    internal int? ApiError => apiError;

    internal static RefusedException Absent(string noun, string path) => new(404, $"01020036:3: The requested {noun} ({path}) was not found.", 3);

    internal static RefusedException Exists(string noun, string path, string partition) =>
        new(409, $"01020066:3: The requested {noun} ({path}) already exists in partition {partition}.", 3);
}
