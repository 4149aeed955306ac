using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What is told of an entry in an Event. Immutable; equal when there is nothing new to tell.</summary>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">One word in Pascal case.</param>
/// <param name="Message">A sentence.</param>
internal sealed record Announcement(string Type, string Reason, string Message)
{
    /// <summary>The server takes 1,024 characters.</summary>
    private const int LongestMessage = 1024;

    /// <summary>What there is to tell of an entry as it stands.</summary>
    /// <returns>Null while it is on its way.</returns>
    internal static Announcement? Of(Entry entry) => entry switch
    {
        { Failure: { } failure } => new(
            Event.Warning,
            entry.Expected == ExpectedState.Deployed ? "DeployFailed" : "WithdrawFailed",
            Cut($"{failure.Reason} at {failure.Step}: {failure.Message}")),
        { State: Entry.Deployed } => new(
            Event.Normal, "Deployed", ServiceWords.Place(entry.Service) is { Length: > 0 } place ? Cut($"Published at {place}.") : "Published."),
        { State: Entry.Undeployed } => new(Event.Normal, "Withdrawn", "No longer published; address, names and load balancer were taken back."),
        _ => null,
    };

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";
}
