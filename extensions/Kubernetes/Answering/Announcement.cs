using Interlook.Entries;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>What is told of an entry in an Event. Immutable; thousands may await their turn, so its words are made when they are asked for.</summary>
internal readonly struct Announcement
{
    /// <summary>The server takes 1,024 characters.</summary>
    private const int LongestMessage = 1024;

    private readonly Entry entry;

    private Announcement(Entry entry) => this.entry = entry;

    /// <summary>Normal or Warning.</summary>
    internal string Type => entry.Failure is null ? Event.Normal : Event.Warning;

    /// <summary>One word in Pascal case.</summary>
    internal string Reason => entry switch
    {
        { Failure: not null, Expected: ExpectedState.Deployed } => "DeployFailed",
        { Failure: not null } => "WithdrawFailed",
        { State: Entry.Deployed } => "Deployed",
        _ => "Withdrawn",
    };

    /// <summary>A sentence.</summary>
    internal string Message => Cut(entry switch
    {
        { Failure: { } failure } => $"{failure.Reason} at {failure.Step}: {failure.Message}",
        { State: Entry.Deployed } => ServiceWords.Place(entry.Service) is { Length: > 0 } place ? $"Published at {place}." : "Published.",
        _ => "No longer published; address, names and load balancer were taken back.",
    });

    /// <summary>The same for two that tell the same, and hardly ever for others.</summary>
    internal int Digest => HashCode.Combine(Type, Reason, Message);

    /// <summary>What there is to tell of an entry as it stands.</summary>
    /// <returns>Null while it is on its way.</returns>
    internal static Announcement? Of(Entry entry) =>
        entry.Failure is not null || entry.State is Entry.Deployed or Entry.Undeployed ? new Announcement(entry) : null;

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";
}
