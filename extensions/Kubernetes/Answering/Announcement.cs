using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What is told of an entry in an Event. Immutable; thousands may await their turn, so the longer sentence is made when it is asked for.</summary>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">One word in Pascal case.</param>
/// <param name="Sentence">What there is to say, unless there is a place.</param>
/// <param name="Published">Where it is published; null when that is not what is told.</param>
internal sealed record Announcement(string Type, string Reason, string Sentence, ServiceDefinition? Published = null)
{
    /// <summary>The server takes 1,024 characters.</summary>
    private const int LongestMessage = 1024;

    /// <summary>A sentence.</summary>
    internal string Message => Cut(Published is not null && ServiceWords.Place(Published) is { Length: > 0 } place ? $"Published at {place}." : Sentence);

    /// <summary>The same for two that tell the same, and hardly ever for others.</summary>
    internal int Digest => HashCode.Combine(Type, Reason, Message);

    /// <summary>What there is to tell of an entry as it stands.</summary>
    /// <returns>Null while it is on its way.</returns>
    internal static Announcement? Of(Entry entry) => entry switch
    {
        { Failure: { } failure } => new(
            Event.Warning,
            entry.Expected == ExpectedState.Deployed ? "DeployFailed" : "WithdrawFailed",
            $"{failure.Reason} at {failure.Step}: {failure.Message}"),
        { State: Entry.Deployed } => new(Event.Normal, "Deployed", "Published.", entry.Service),
        { State: Entry.Undeployed } => new(Event.Normal, "Withdrawn", "No longer published; address, names and load balancer were taken back."),
        _ => null,
    };

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";
}
