namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>
/// Whether this process is the one that acts. Two that act at the same time do no harm, for every write is a compare-and-set: an election
/// only saves writes.
/// </summary>
internal interface ILeadership
{
    /// <summary>Stands for election again and again until it is stopped.</summary>
    /// <param name="leadAsync">What a leader does, until its token is cancelled because it leads no longer.</param>
    /// <param name="stopping">Stops it.</param>
    Task RunAsync(Func<CancellationToken, Task> leadAsync, CancellationToken stopping);
}
