using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Fixtures.Kubernetes;

/// <summary>Something that goes wrong with requests to an API server.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record ApiFault(ApiFaultKind Kind)
{
    /// <summary>For how many requests a fault goes on that is only ended by being removed.</summary>
    public const int UntilRemoved = int.MaxValue;

    /// <summary>Which requests are meant. Default: every one.</summary>
    public Func<ApiCall, bool> Matches { get; init; } = _ => true;

    /// <summary>How many requests it meets before it is over. Default: 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How late a request reaches the server.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The status of an answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The body of an answer.</summary>
    public string Body { get; init; } = "";

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>How long the answer asks to wait; it says so in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A refusal in the server's own form: <c>Refusal(410, "Expired")</c>, <c>Refusal(429, "TooManyRequests")</c>.</summary>
    /// <param name="status">The status.</param>
    /// <param name="reason">The reason, a word of the API.</param>
    public static ApiFault Refusal(int status, string reason) => new(ApiFaultKind.Answer) { Status = status, Body = Failure(status, reason).ToJsonString() };

    /// <summary>A watch that is accepted, and then told that it failed: the answer is 200 with an event ERROR, and ends.</summary>
    /// <param name="status">The status inside, 410.</param>
    /// <param name="reason">The reason, <c>Expired</c>.</param>
    public static ApiFault ErrorEvent(int status, string reason) => new(ApiFaultKind.Answer)
    {
        Body = ErrorLine(status, reason),
        Matches = call => call.Verb == "watch",
    };

    /// <summary>Something between us and the server answers in its place, for people.</summary>
    public static ApiFault Gateway(int status = 502) => new(ApiFaultKind.Answer)
    {
        Status = status,
        ContentType = "text/html",
        Body = string.Create(CultureInfo.InvariantCulture, $"<html><body><h1>{status} Bad Gateway</h1></body></html>"),
    };

    /// <summary>An event ERROR as a line of a watch.</summary>
    internal static string ErrorLine(int status, string reason) =>
        new JsonObject { ["type"] = "ERROR", ["object"] = Failure(status, reason) }.ToJsonString() + "\n";

    private static JsonObject Failure(int status, string reason) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = $"planned by the test: {reason}",
        ["reason"] = reason,
        ["code"] = status,
    };
}
