using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>Makes what a Service's status shall say of what the engine knows. Pure.</summary>
/// <param name="step">Our step's name.</param>
/// <param name="withHostNames">Whether host names are written beside the address.</param>
internal sealed class StatusTranslation(string step, bool withHostNames)
{
    /// <summary>What is said of a service that is deployed so.</summary>
    internal WantedStatus Of(ServiceDefinition deployed) => new(deployed, null, withHostNames);

    /// <summary>What is said of a service as its entry stands.</summary>
    /// <returns>Null when there is nothing new to say: the entry is on its way.</returns>
    internal WantedStatus? Of(Entry entry)
    {
        var acknowledged = entry.Find(step)?.Acknowledged;
        return entry switch
        {
            { Expected: ExpectedState.Undeployed, State: Entry.Undeployed } => WantedStatus.None,
            { Expected: ExpectedState.Undeployed } => null, // what it leaves is taken back by the step itself
            // Ours failed: that is the reason why nothing can be said.
            { Failure: { } failure } when failure.Step != step => new(acknowledged, failure, withHostNames),
            { State: Entry.Deployed } when acknowledged is not null => Of(acknowledged),
            _ => null,
        };
    }
}
