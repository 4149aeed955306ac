namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>
/// Chooses the node for a claim that has none. Only such claims are placed: no claim moves because a node came back or another is fuller,
/// as in the earlier program. So after a failure the nodes are uneven until claims are made anew.
/// </summary>
public enum NodeFilter
{
    /// <summary>The node with the fewest claims; of several the first by name.</summary>
    Fair,

    /// <summary>The first living node by name.</summary>
    FirstAlive,
}
